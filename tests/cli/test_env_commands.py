"""`llmhub env`: names of keys, and never a value."""

import json

import pytest

SECRET = "a-value-that-nobody-may-see"
TEXT = """\
project: shop
providers:
  openai: {enabled: true}
  anthropic: {env_key: OUR_CLAUDE_KEY}
  gemini: {}
  mistral: {enabled: false}
  ollama: {enabled: true}
roles:
  llm.answers: {kind: chat}
environments:
  prod:
    providers:
      openai: {env_key: OPENAI_PROD_KEY}
"""


@pytest.fixture
def spec(project):
    path = project / "llmhub.spec.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_sync_adds_the_names_that_are_missing_and_keeps_the_rest(run, project, spec):
    path = project / ".env.example"
    before = f"# ours\r\nexport OUR_CLAUDE_KEY=\r\nOTHER={SECRET}"
    path.write_bytes(before.encode())
    ended = run("env", "sync")
    assert ended.returncode == 0, ended.stderr
    added = "\r\nOPENAI_API_KEY=\r\nGEMINI_API_KEY=\r\nOPENAI_PROD_KEY=\r\n"
    assert path.read_bytes() == (before + added).encode()
    assert "Not named by the spec, and kept: OTHER." in ended.stderr
    assert SECRET not in ended.stdout + ended.stderr


def test_sync_twice_changes_nothing_more(run, project, spec):
    run("env", "sync")
    before = (project / ".env.example").read_bytes()
    assert b"MISTRAL" not in before
    assert "up to date" in run("env", "sync").stdout
    assert (project / ".env.example").read_bytes() == before


def test_dry_run_shows_the_names_and_writes_nothing(run, project, spec):
    assert "+OPENAI_API_KEY=" in run("env", "sync", "--dry-run").stdout
    assert not (project / ".env.example").exists()


def test_sync_never_writes_a_value_that_the_environment_holds(run, project, spec):
    run("env", "sync", OPENAI_API_KEY=SECRET)
    assert SECRET not in (project / ".env.example").read_text(encoding="utf-8")


def test_check_names_the_missing_keys_and_ends_with_1(run, project, spec):
    (project / ".env").write_text(f"OUR_CLAUDE_KEY={SECRET}\n", encoding="utf-8")
    ended = run("env", "check", OPENAI_API_KEY=SECRET)
    assert ended.returncode == 1
    assert "Missing: GEMINI_API_KEY or GOOGLE_API_KEY." in ended.stdout
    assert SECRET not in ended.stdout + ended.stderr
    rows = {row["provider"]: row for row in json.loads(run("env", "check", "--json", OPENAI_API_KEY=SECRET).stdout)}
    assert rows["openai"] == {
        "provider": "openai",
        "variables": ["OPENAI_API_KEY"],
        "present": True,
        "found_in": "environment",
    }
    assert rows["anthropic"]["found_in"] == ".env"
    assert not rows["gemini"]["present"]
    assert rows["ollama"] == {"provider": "ollama", "variables": [], "present": True, "found_in": None}
    assert "mistral" not in rows


def test_check_ends_well_when_every_key_is_there(run, project, spec):
    ended = run("env", "check", OPENAI_API_KEY=SECRET, OUR_CLAUDE_KEY=SECRET, GOOGLE_API_KEY=SECRET)
    assert ended.returncode == 0
    assert "Missing" not in ended.stdout


def test_an_empty_variable_is_a_missing_key(run, spec):
    assert run("env", "check", OPENAI_API_KEY="", OUR_CLAUDE_KEY="x", GEMINI_API_KEY="x").returncode == 1


def test_check_looks_at_the_environment_that_is_asked_for(run, spec):
    assert "OPENAI_PROD_KEY" in run("--env", "prod", "env", "check").stdout


def test_where_there_is_only_a_configuration_its_providers_count(run, config, keys):
    assert run("env", "check").returncode == 1
    assert run("env", "check", **keys).returncode == 0


def test_without_any_file_the_command_that_writes_one_is_named(run):
    for command in ("sync", "check"):
        ended = run("env", command)
        assert ended.returncode == 1
        assert "llmhub " in ended.stderr
