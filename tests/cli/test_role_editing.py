"""`llmhub add-role`, `edit-role`, `rm-role`, and the roles that `llmhub roles` lists."""

import json

import pytest

TEXT = """\
project: shop  # ours
providers:
  openai: {enabled: true}
  anthropic: {enabled: false}
roles:
  # what customers see
  llm.answers:
    kind: chat
    preferences: {cost: low, needs: [tools]}  # for now

  llm.notes: {kind: 'chat'}
environments:
  prod:
    roles:
      llm.notes: {preferences: {quality: high}}
# the end
"""


@pytest.fixture
def spec(project):
    path = project / "llmhub.spec.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_add_role_writes_what_was_said_and_touches_nothing_else(run, spec):
    ended = run(
        *("add-role", "llm.judge", "--kind", "chat", "--cost", "medium", "--latency", "high", "--quality", "high"),
        *("--description", "Judges: strictly", "--provider", "openai", "--need", "tools", "--need", "vision"),
        *("--context-min", "200000", "--max-price-output", "7.5", "--open-weights", "--fallbacks", "2"),
    )
    assert ended.returncode == 0, ended.stderr
    added = """\
  llm.judge:
    kind: chat
    description: "Judges: strictly"
    preferences:
      cost: medium
      latency: high
      quality: high
      providers: [openai]
      needs: [tools, vision]
      context_min: 200000
      max_price_output: 7.5
      open_weights: true
    fallbacks: 2
"""
    place = "  llm.notes: {kind: 'chat'}\n"
    assert spec.read_text(encoding="utf-8") == TEXT.replace(place, place + added)
    assert "+  llm.judge:" in ended.stdout


def test_a_role_can_be_added_for_one_environment(run, spec):
    assert run("--env", "prod", "add-role", "llm.audit", "--kind", "chat").returncode == 0
    assert "llm.audit" in json.loads(run("--env", "prod", "spec", "show", "--json").stdout)["roles"]
    assert "llm.audit" not in json.loads(run("spec", "show", "--json").stdout)["roles"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("add-role", "llm.answers", "--kind", "chat"), 1, "edit-role llm.answers"),
        (("add-role", "llm.new"), 2, "--kind"),
        (("add-role", "llm.new", "--kind", "chatt"), 1, "one of chat, embedding"),
        (("add-role", "llm.new", "--kind", "chat", "--need", "flying"), 1, "structured_output"),
        (("add-role", "llm.new", "--kind", "chat", "--provider", "opnai"), 1, "Did you mean 'openai'?"),
        (("add-role", "llm.new", "--kind", "chat", "--provider", "anthropic"), 1, "switched off"),
        (("add-role", "llm.new", "--kind", "chat", "--max-price-input", "-1"), 1, "0 or more"),
        (("add-role", "llm.new", "--kind", "chat", "--max-price-input", "nan"), 1, "0 or more"),
        (("add-role", "llm.new", "--kind", "chat", "--description", "sk-proj-abcdefghijkl"), 1, "looks like a key"),
        (("add-role", " ", "--kind", "chat"), 2, "needs a name"),
        (("add-role", "x-new", "--kind", "chat"), 2, "passed over"),
        (("edit-role", "llm.anwsers", "--cost", "low"), 1, "Did you mean 'llm.answers'?"),
        (("edit-role", "llm.answers"), 2, "Nothing to change"),
        (("edit-role", "llm.answers", "--cost", "low", "--unset", "cost"), 2, "at once"),
        (("rm-role", "llm.anwsers", "--yes"), 1, "Did you mean 'llm.answers'?"),
        (("rm-role", "llm.answers"), 1, "--yes"),
        (("--env", "prod", "rm-role", "llm.answers", "--yes"), 1, "without --env"),
        (("--env", "prd", "rm-role", "llm.answers", "--yes"), 1, "Did you mean 'prod'?"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(run, spec, arguments, code, told):
    ended = run(*arguments)
    assert ended.returncode == code
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "sk-proj" not in ended.stderr + ended.stdout
    assert spec.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(
    ("arguments", "before", "after"),
    [
        (("llm.answers", "--cost", "high"), "{cost: low, needs", "{cost: high, needs"),
        (("llm.answers", "--need", "vision"), "needs: [tools]", "needs: [vision]"),
        (("llm.answers", "--unset", "cost"), "{cost: low, needs", "{needs"),
        (
            ("llm.answers", "--unset", "needs", "--quality", "high"),
            "cost: low, needs: [tools]",
            "cost: low, quality: high",
        ),
        (("llm.notes", "--kind", "tool"), "{kind: 'chat'}", "{kind: tool}"),
        (("llm.notes", "--cost", "low"), "{kind: 'chat'}", "{kind: 'chat', preferences: {cost: low}}"),
    ],
)
def test_edit_role_changes_its_own_words_only(run, spec, arguments, before, after):
    ended = run("edit-role", *arguments)
    assert ended.returncode == 0, ended.stderr
    assert spec.read_text(encoding="utf-8") == TEXT.replace(before, after)


def test_rm_role_takes_the_role_out_of_all_environments_and_leaves_the_rest(run, spec):
    ended = run("rm-role", "llm.notes", "--yes")
    assert ended.returncode == 0, ended.stderr
    expected = TEXT.replace("  llm.notes: {kind: 'chat'}\n", "")
    expected = expected.replace("    roles:\n      llm.notes: {preferences: {quality: high}}\n", "    roles: {}\n")
    assert spec.read_text(encoding="utf-8") == expected
    assert run("spec", "validate").returncode == 0


def test_the_last_role_can_go(run, spec):
    run("rm-role", "llm.notes", "--yes")
    assert run("rm-role", "llm.answers", "--yes").returncode == 0
    assert run("spec", "validate").returncode == 0
    assert "# what customers see" in spec.read_text(encoding="utf-8")


def test_what_an_anchor_shares_is_refused_and_nothing_is_written(run, project):
    text = (
        "project: p\nproviders: {openai: {}}\n"
        "roles:\n  a:\n    kind: chat\n    preferences: &p {cost: low}\n  b: {kind: chat, preferences: *p}\n"
    )
    path = project / "llmhub.spec.yaml"
    path.write_text(text, encoding="utf-8")
    ended = run("edit-role", "a", "--cost", "high")
    assert ended.returncode == 1
    assert "roles.a.preferences.cost cannot be changed here" in ended.stderr
    assert path.read_text(encoding="utf-8") == text
    assert list(project.iterdir()) == [path]


def test_roles_lists_those_that_are_not_generated_yet(run, spec, config):
    rows = {row["role"]: row for row in json.loads(run("roles", "--json").stdout)}
    assert rows["llm.answers"]["generated"]
    assert rows["llm.answers"]["in_spec"]
    assert rows["llm.thinking"]["in_spec"] is False
    assert rows["llm.notes"] == {
        "role": "llm.notes",
        "mode": "chat",
        "targets": [],
        "params": {},
        "reason": None,
        "generated": False,
        "in_spec": True,
    }
    text = run("roles").stdout
    assert "not generated yet" in text
    assert "No longer in the spec: llm.thinking, llm.embedding." in text


def test_roles_needs_no_configuration(run, spec):
    ended = run("roles")
    assert ended.returncode == 0
    assert "llmhub generate" in ended.stdout


def test_a_spec_with_problems_hides_no_roles_of_the_configuration(run, spec, config):
    spec.write_text(TEXT.replace("cost: low", "cost: cheap"), encoding="utf-8")
    ended = run("roles")
    assert ended.returncode == 0
    assert "openai:gpt-4o-mini" in ended.stdout
    assert "one of low, medium, high" in ended.stderr


@pytest.mark.parametrize("command", [("add-role", "llm.judge"), ("edit-role", "llm.notes")])
def test_all_that_is_wrong_in_the_options_is_told_at_once_with_the_nearest_names(run, spec, command):
    ended = run(
        *(*command, "--kind", "chta", "--cost", "hgih", "--need", "visin", "--provider", "opnai"),
        *("--max-price-input", "-1", "--force-provider", "antropic"),
    )
    assert ended.returncode == 1
    assert "6 problems" in ended.stderr
    for nearest in ("'chat'", "'high'", "'vision'", "'openai'", "'anthropic'"):
        assert f"Did you mean {nearest}?" in ended.stderr
    assert "max_price_input: found the number -1" in ended.stderr
    assert spec.read_text(encoding="utf-8") == TEXT


def test_a_role_that_was_added_and_removed_leaves_the_file_as_it_was(run, spec):
    assert run("add-role", "llm.judge", "--kind", "chat", "--cost", "low").returncode == 0
    assert run("rm-role", "llm.judge", "--yes").returncode == 0
    assert spec.read_text(encoding="utf-8") == TEXT


def test_a_spec_that_is_read_only_is_left_alone(run, spec):
    spec.chmod(0o444)
    ended = run("edit-role", "llm.notes", "--cost", "low")
    assert ended.returncode == 1
    assert "it is read-only" in ended.stderr
    assert spec.read_text(encoding="utf-8") == TEXT
    assert [path.name for path in spec.parent.iterdir()] == [spec.name]


def test_a_link_to_a_spec_stays_one_and_its_target_is_written(run, spec):
    shared = spec.parent.parent / "shared.yaml"
    spec.rename(shared)
    spec.symlink_to(shared)
    assert run("edit-role", "llm.notes", "--cost", "low").returncode == 0
    assert spec.is_symlink()
    assert "{kind: 'chat', preferences: {cost: low}}" in shared.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["", "\r\n"])
def test_a_file_keeps_its_line_ends_and_a_missing_last_one(run, spec, ending):
    text = TEXT.replace("# the end\n", "").replace("\n", "\r\n").removesuffix("\r\n") + ending
    spec.write_bytes(text.encode())
    assert run("edit-role", "llm.answers", "--cost", "high").returncode == 0
    assert spec.read_bytes() == text.replace("cost: low", "cost: high").encode()
