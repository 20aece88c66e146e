"""`llmhub spec`: looking at, checking and changing the spec."""

import json

import pytest

TEXT = """\
# the shop's spec
project: 'shop'   # quoted on purpose
env: dev
providers:
  openai: {enabled: true,  env_key: OPENAI_API_KEY}  # paid by us
roles:
  llm.answers:
    kind: chat
    # cheap is fine
    preferences: {cost: low}
    fallbacks: 1
  llm.notes:
    kind: chat
    preferences:
      needs:
        - tools  # calls our API
        - vision
environments:
  prod:
    roles:
      llm.answers: {preferences: {cost: high}}
"""


@pytest.fixture
def spec(project):
    path = project / "llmhub.spec.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_show_prints_the_spec_as_it_reads_in_the_environment(run, spec):
    from llmhub.config.yaml import read_document

    values = read_document(run("--env", "prod", "spec", "show").stdout, "shown").value
    assert values["env"] == "prod"
    assert values["roles"]["llm.answers"]["preferences"] == {"cost": "high"}
    assert "environments" not in values


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("roles.llm.answers.preferences.cost", "low\n"),
        ("roles.llm.answers.preferences", "cost: low\n"),
        ("roles.llm.notes.preferences.needs", "[tools, vision]\n"),
        ("roles.llm.notes.preferences.needs.1", "vision\n"),
    ],
)
def test_show_prints_the_part_at_a_key(run, spec, key, shown):
    assert run("spec", "show", key).stdout == shown


def test_show_prints_json(run, spec):
    assert json.loads(run("spec", "show", "--json").stdout)["roles"]["llm.answers"]["fallbacks"] == 1


def test_show_of_a_key_that_says_nothing_is_an_error(run, spec):
    ended = run("spec", "show", "roles.llm.answers.weights.cost")
    assert ended.returncode == 1
    assert "says nothing at roles.llm.answers.weights.cost" in ended.stderr


def test_a_valid_spec_is_said_to_be_valid(run, spec):
    ended = run("spec", "validate")
    assert ended.returncode == 0
    assert "llmhub.spec.yaml is valid" in ended.stdout


def test_validate_tells_all_problems_of_all_environments_with_their_places(run, spec):
    broken = TEXT.replace("cost: low", "cost: cheap").replace("cost: high", "cots: high").replace("- vision", "- sight")
    spec.write_text(broken, encoding="utf-8")
    ended = run("spec", "validate")
    assert ended.returncode == 1
    assert "3 problems" in ended.stderr
    for place in (":10:25: roles.llm.answers.preferences.cost", ":17:11:", ":21:35: "):
        assert place in ended.stderr
    told = json.loads(run("spec", "validate", "--json").stdout)
    assert not told["valid"]
    assert [(problem["line"], problem["column"]) for problem in told["problems"]] == [(10, 25), (17, 11), (21, 35)]


def test_validate_of_an_environment_that_is_not_there_names_the_nearest(run, spec):
    ended = run("--env", "prd", "spec", "validate")
    assert ended.returncode == 1
    assert "Did you mean 'prod'?" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "before", "after"),
    [
        (("project", "store"), "project: 'shop'   # quoted", "project: store   # quoted"),
        (("roles.llm.answers.preferences.cost", "high"), "preferences: {cost: low}", "preferences: {cost: high}"),
        (("roles.llm.answers.preferences.needs", "[tools]"), "{cost: low}", "{cost: low, needs: [tools]}"),
        (("roles.llm.notes.preferences.needs", "[vision]"), "        - tools  # calls our API\n", ""),
        (("roles.llm.notes.preferences.needs.2", "pdf"), "        - vision\n", "        - vision\n        - pdf\n"),
        (("roles.llm.answers.fallbacks", "2"), "fallbacks: 1", "fallbacks: 2"),
        (
            ("roles.llm.answers.description", "'what: all'"),
            "fallbacks: 1\n",
            'fallbacks: 1\n    description: "what: all"\n',
        ),
        (("generator", "heuristic"), "{cost: high}}\n", "{cost: high}}\ngenerator: heuristic\n"),
    ],
)
def test_set_changes_its_own_lines_only(run, spec, arguments, before, after):
    ended = run("spec", "set", *arguments)
    assert ended.returncode == 0, ended.stderr
    assert spec.read_text(encoding="utf-8") == TEXT.replace(before, after)


def test_set_shows_the_change_as_a_diff(run, spec):
    ended = run("spec", "set", "roles.llm.answers.fallbacks", "2")
    assert "-    fallbacks: 1\n+    fallbacks: 2\n" in ended.stdout
    assert "says so already" in run("spec", "set", "roles.llm.answers.fallbacks", "2").stdout


def test_set_for_an_environment_changes_that_environment(run, spec):
    run("--env", "prod", "spec", "set", "roles.llm.notes.preferences.cost", "low")
    assert run("--env", "prod", "spec", "show", "roles.llm.notes.preferences.cost").stdout == "low\n"
    assert run("spec", "show", "roles.llm.notes.preferences.cost").returncode == 1


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("roles.llm.answers.preferences.cost", "cheap", "one of low, medium, high"),
        ("roles.llm.answers.kind", "chatt", "Did you mean 'chat'?"),
        ("roles.llm.answers.preferences.providers", "[opnai]", "Did you mean 'openai'?"),
        ("roles.llm.answers.preferences.cots", "low", "Did you mean 'cost'?"),
        ("roles.llm.answers.fallbacks", "many", "a whole number"),
        ("project", "8", "put it in quotes"),
        ("project", "[1,", "VALUE:1:"),
        ("project", "a: b: c", "VALUE:1:"),
        ("project", "!tag x", "tags such as"),
        ("environments.prod.env", "x", "unknown key 'env'"),
        ("roles.llm.notes.preferences.needs.5", "pdf", "2 is the next number"),
        ("providers.openai.env_key", "sk-proj-abcdefghijklmnop", "looks like a key"),
        ("x-note", "{a: [sk-proj-abcdefghijklmnop]}", "looks like a key"),
    ],
)
def test_a_change_that_would_make_the_spec_faulty_is_not_written(run, spec, key, value, told):
    ended = run("spec", "set", key, value)
    assert ended.returncode == 1
    assert told in ended.stderr
    assert "sk-proj" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    assert spec.read_text(encoding="utf-8") == TEXT


def test_all_problems_that_a_change_would_bring_are_told_with_line_and_column(run, spec):
    ended = run("spec", "set", "roles.llm.answers", "{kind: chatt, preferences: {cost: cheap}, fallback: 1}")
    assert ended.returncode == 1
    assert "3 problems" in ended.stderr
    assert ended.stderr.count("llmhub.spec.yaml:") >= 3
    assert spec.read_text(encoding="utf-8") == TEXT


def test_one_fault_of_several_can_be_mended(run, spec):
    spec.write_text(TEXT.replace("cost: low", "cost: cheap").replace("- vision", "- sight"), encoding="utf-8")
    ended = run("spec", "set", "roles.llm.answers.preferences.cost", "low")
    assert ended.returncode == 0
    assert "still to mend: llmhub.spec.yaml:17:11" in ended.stderr
    assert "cost: low" in spec.read_text(encoding="utf-8")


def test_a_key_that_stands_in_the_file_by_mistake_is_not_shown_when_it_is_mended(run, spec):
    spec.write_text(TEXT.replace("OPENAI_API_KEY", "sk-proj-abcdefghijklmnop"), encoding="utf-8")
    ended = run("spec", "set", "providers.openai.env_key", "OPENAI_API_KEY")
    assert ended.returncode == 0
    assert "sk-proj" not in ended.stdout + ended.stderr
    assert spec.read_text(encoding="utf-8") == TEXT


def test_dry_run_writes_nothing(run, spec):
    assert "Nothing written" in run("spec", "set", "project", "store", "--dry-run").stdout
    assert spec.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("roles.llm.answers.fallbacks", "    fallbacks: 1\n", ""),
        ("roles.llm.answers.preferences.cost", "{cost: low}", "{}"),
        ("roles.llm.notes.preferences.needs.0", "        - tools  # calls our API\n", ""),
    ],
)
def test_unset_takes_a_value_away(run, spec, key, before, after):
    assert run("spec", "unset", key).returncode == 0
    assert spec.read_text(encoding="utf-8") == TEXT.replace(before, after)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("roles.llm.answers.kind", "required, but missing"),
        ("project", "required, but missing"),
        ("roles.llm.answers.weights", "says nothing at"),
    ],
)
def test_what_must_stand_or_stands_nowhere_is_not_taken_away(run, spec, key, told):
    ended = run("spec", "unset", key)
    assert ended.returncode == 1
    assert told in ended.stderr
    assert spec.read_text(encoding="utf-8") == TEXT


def test_without_a_spec_every_command_names_the_one_that_writes_it(run):
    for arguments in (("spec", "validate"), ("spec", "set", "project", "x"), ("add-role", "r", "--kind", "chat")):
        ended = run(*arguments)
        assert ended.returncode == 1
        assert "llmhub setup" in ended.stderr
