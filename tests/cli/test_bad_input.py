"""What a tired person types, and what the screen says. Never a traceback, always the place and the remedy."""

import pytest

BAD_FILES = [
    ("", "empty"),
    ("project: [1,\n", "llmhub.yaml:2"),
    ("project: p\nroles:\n\tx: 1\n", "llmhub.yaml:3"),
    ("- a\n- b\n", "llmhub.yaml:1:1"),
    ("project: p\nrols: {}\n", "llmhub.yaml:2:1: rols"),
    ("project: p\nroles:\n  r: {provider: openai, model: 5}\n", "llmhub.yaml:3:"),
    ("project: p\nroles:\n  r: {provider: opnai, model: m}\n", "Did you mean 'openai'?"),
    ("project: p\nroles:\n  r: {provider: openai, model: m, mode: chatt}\n", "Did you mean 'chat'?"),
    ("project: p\nroles:\n  r: {provider: openai, model: m, retry: {attempts: 0}}\n", "attempts"),
    ("project: p\nroles:\n  r: {provider: openai, model: m}\n  r: {provider: openai, model: n}\n", "llmhub.yaml:4"),
    ("project: p\nroles:\n  r: {provider: openai, model: m, cache: {ttl: 0}}\n", "ttl"),
]


@pytest.mark.parametrize(("text", "expected"), BAD_FILES)
def test_a_file_with_a_fault_is_told_with_its_place_and_ends_with_1(run, project, text, expected):
    (project / "llmhub.yaml").write_text(text, encoding="utf-8")
    ended = run("roles")
    assert ended.returncode == 1
    assert expected in ended.stderr
    assert "Traceback" not in ended.stderr


def test_all_faults_of_a_file_are_told_at_once(run, project):
    (project / "llmhub.yaml").write_text(
        "projct: p\nroles:\n  a: {provider: opnai, model: m}\n  b: {provider: openai, model: 5, timeout: -1}\n",
        encoding="utf-8",
    )
    told = run("roles").stderr
    for place in (":1:1: projct", ":3:", ":4:"):
        assert place in told


def test_a_project_without_files_names_the_command_that_makes_them(run):
    for command, remedy in (("roles", "llmhub generate"), ("generate", "llmhub init"), ("test", "llmhub generate")):
        ended = run(command)
        assert ended.returncode == 1
        assert remedy in ended.stderr


@pytest.mark.parametrize(
    ("preferences", "expected"),
    [
        ("{cost: cheap}", "one of low, medium, high"),
        ("{cots: low}", "Did you mean 'cost'?"),
        ("{providers: [opnai]}", "openai"),
        ("{max_price_output: -1}", "max_price_output"),
    ],
)
def test_a_preference_with_a_fault_is_told_with_what_is_valid(run, project, preferences, expected):
    (project / "llmhub.spec.yaml").write_text(
        "project: p\nproviders:\n  openai: {enabled: true}\n"
        f"roles:\n  r:\n    kind: chat\n    preferences: {preferences}\n",
        encoding="utf-8",
    )
    ended = run("generate")
    assert ended.returncode == 1
    assert "llmhub.spec.yaml:7:" in ended.stderr
    assert expected in ended.stderr


def test_a_role_that_nothing_can_serve_says_what_to_relax(run, project):
    (project / "llmhub.spec.yaml").write_text(
        "project: p\nproviders:\n  openai: {enabled: true}\n"
        "roles:\n  r:\n    kind: chat\n    preferences: {max_price_output: 0.000001}\n",
        encoding="utf-8",
    )
    ended = run("generate")
    assert ended.returncode == 1
    assert "role 'r'" in ended.stderr
    assert "max_price_output" in ended.stderr
    assert not (project / "llmhub.yaml").exists()


def test_an_unknown_role_names_the_nearest(run, config, keys):
    ended = run("test", "--role", "llm.anwsers", **keys)
    assert ended.returncode == 1
    assert "Did you mean 'llm.answers'?" in ended.stdout


def test_a_plugin_that_is_asked_for_and_missing_names_the_nearest(run, spec):
    spec.write_text(spec.read_text(encoding="utf-8") + "generator: heuristics\n", encoding="utf-8")
    ended = run("generate")
    assert ended.returncode == 1
    assert "Did you mean 'heuristic'?" in ended.stderr


def test_a_key_written_into_a_file_is_refused_and_not_repeated(run, project):
    key = "sk-proj-abcdefghijklmnop"
    (project / "llmhub.yaml").write_text(
        f"project: p\nproviders:\n  openai: {{env_key: {key}}}\nroles:\n  r: {{provider: openai, model: m}}\n",
        encoding="utf-8",
    )
    ended = run("roles")
    assert ended.returncode == 1
    assert key not in ended.stdout + ended.stderr


def test_output_into_a_closed_pipe_is_no_error(run, project):
    import subprocess
    import sys

    ended = subprocess.run(
        f"{sys.executable} -m llmhub catalog show | head -1",
        shell=True,
        cwd=project,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**__import__("os").environ, "LLMHUB_OFFLINE": "1"},
    )
    assert "Traceback" not in ended.stderr
    assert "Error" not in ended.stderr


@pytest.mark.parametrize("command", ["serve", "ui", "mcp"])
def test_a_command_of_the_server_says_how_to_install_it_where_it_is_not(run, command):
    ended = run(command, LLMHUB_DISABLE_PLUGINS="serve,ui,mcp")
    assert ended.returncode == 2
    assert "is of a package that is not installed: pip install 'llmhub[server]'" in ended.stderr
