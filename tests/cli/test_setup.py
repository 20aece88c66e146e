"""`llmhub setup` without anybody to answer."""

import json
import os

import pytest


def test_setup_writes_a_spec_that_generates_with_the_names_of_its_keys(run, project, keys):
    ended = run("setup", "--yes", "--generate", **keys)
    assert ended.returncode == 0, ended.stderr
    assert (project / "llmhub.yaml").exists()
    assert (project / ".env.example").read_text(encoding="utf-8").endswith("OPENAI_API_KEY=\nANTHROPIC_API_KEY=\n")
    written = "".join(path.read_text(encoding="utf-8") for path in project.rglob("*") if path.is_file())
    assert keys["OPENAI_API_KEY"] not in written + ended.stdout + ended.stderr


def test_what_the_flags_say_is_what_the_spec_holds(run, project):
    run(
        *("setup", "--yes", "--name", "store", "--provider", "gemini", "--provider", "openai"),
        *("--role", "llm.judge=chat", "--role", "llm.vectors=embedding", "--role", "llm.pictures=image"),
    )
    spec = json.loads(run("spec", "show", "--json").stdout)
    assert spec["project"] == "store"
    assert list(spec["providers"]) == ["gemini", "openai"]
    assert {name: role["kind"] for name, role in spec["roles"].items()} == {
        "llm.judge": "chat",
        "llm.vectors": "embedding",
        "llm.pictures": "image",
    }


@pytest.mark.parametrize("command", [("setup", "--yes"), ("init",)])
def test_keys_in_the_env_file_are_found_and_never_shown(run, project, command):
    (project / ".env").write_text("MISTRAL_API_KEY=secret-value-of-mine\n", encoding="utf-8")
    ended = run(*command)
    text = (project / "llmhub.spec.yaml").read_text(encoding="utf-8")
    assert "env_key: MISTRAL_API_KEY" in text
    assert "secret-value" not in text + ended.stdout + ended.stderr


@pytest.mark.parametrize("command", [("setup", "--yes"), ("init",)])
def test_the_first_line_of_the_spec_tells_editors_where_its_schema_lies(run, project, command):
    run(*command)
    first = (project / "llmhub.spec.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=.llmhub/spec.schema.json"
    assert json.loads((project / ".llmhub" / "spec.schema.json").read_text(encoding="utf-8"))["title"]


def test_in_a_project_with_a_spec_setup_adds_what_is_missing_and_keeps_every_word(run, project):
    text = "# ours\nproject: shop\nproviders:\n  openai: {env_key: OUR_KEY}  # paid\nroles:\n  llm.a: {kind: chat}\n"
    path = project / "llmhub.spec.yaml"
    path.write_text(text, encoding="utf-8")
    ended = run(
        "setup", "--yes", "--provider", "openai", "--provider", "anthropic", "--role", "llm.a=tool", "--role", "b"
    )
    assert ended.returncode == 0, ended.stderr
    after = path.read_text(encoding="utf-8")
    remaining = iter(after.splitlines())
    assert all(any(line == other for other in remaining) for line in text.splitlines())
    spec = json.loads(run("spec", "show", "--json").stdout)
    assert list(spec["providers"]) == ["openai", "anthropic"]
    assert {name: role["kind"] for name, role in spec["roles"].items()} == {"llm.a": "chat", "b": "chat"}
    assert (project / ".env.example").read_text(encoding="utf-8").endswith("OUR_KEY=\nANTHROPIC_API_KEY=\n")
    again = run("setup", "--yes", "--provider", "openai")
    assert "says so already" in again.stdout
    assert path.read_text(encoding="utf-8") == after


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("setup",), 1, "--yes"),
        (("setup", "--yes", "--provider", "opnai"), 2, "Did you mean 'openai'?"),
        (("setup", "--yes", "--role", "llm.a=chatt"), 2, "Did you mean 'chat'?"),
        (("setup", "--yes", "--role", "=chat"), 2, "has no name"),
        (("setup", "--yes", "--role", "sk-proj-abcdefghijklmnop=x"), 2, "is no kind"),
        (("setup", "--yes", "--provider", "sk-proj-abcdefghijklmnop"), 2, "not shown"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(run, project, arguments, code, told):
    ended = run(*arguments)
    assert ended.returncode == code
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(project.iterdir()) == []


def test_a_spec_with_faults_is_to_be_mended_before_setup_adds_to_it(run, project):
    path = project / "llmhub.spec.yaml"
    path.write_text("project: shop\nroles:\n  a: {kind: chta}\n  b: 7\n", encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    ended = run("setup", "--yes", "--provider", "openai")
    assert ended.returncode == 1
    assert "2 problems" in ended.stderr
    assert "Did you mean 'chat'?" in ended.stderr
    assert path.read_text(encoding="utf-8") == before
    assert list(project.iterdir()) == [path]


@pytest.mark.parametrize(
    ("found", "providers"),
    [
        ({"XAI_API_KEY": "k"}, {"xai": "XAI_API_KEY"}),
        ({"CEREBRAS_API_KEY": "k", "GROQ_API_KEY": "k"}, {"groq": "GROQ_API_KEY", "cerebras": "CEREBRAS_API_KEY"}),
        ({"GOOGLE_API_KEY": "k"}, {"gemini": "GOOGLE_API_KEY"}),
        ({"GITHUB_TOKEN": "k", "HF_TOKEN": "k"}, {"openai": "OPENAI_API_KEY"}),
        ({}, {"openai": "OPENAI_API_KEY"}),
    ],
)
@pytest.mark.parametrize("command", [("setup", "--yes"), ("init",)])
def test_a_first_spec_names_the_providers_and_variables_whose_keys_are_set(
    run, project, monkeypatch, command, found, providers
):
    for name in [name for name in os.environ if name.endswith(("_API_KEY", "_TOKEN"))]:
        monkeypatch.delenv(name)
    assert run(*command, **found).returncode == 0
    spec = json.loads(run("spec", "show", "--json").stdout)
    assert {name: provider["env_key"] for name, provider in spec["providers"].items()} == providers
    assert [line for line in (project / ".env.example").read_text(encoding="utf-8").splitlines() if "=" in line] == [
        f"{variable}=" for variable in providers.values()
    ]


def test_a_folder_that_cannot_be_written_is_told(run, project):
    (project / ".llmhub").write_text("a file where a folder is to be", encoding="utf-8")
    ended = run("setup", "--yes")
    assert ended.returncode == 1
    assert "cannot make" in ended.stderr
    assert not (project / "llmhub.spec.yaml").exists()
