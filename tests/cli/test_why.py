"""`llmhub why`: why a role gets its model, or why another is not the one."""

import json

import pytest

SPEC = """\
project: shop
providers: {openai: {}, anthropic: {}}
roles:
  answers: {kind: chat, fallbacks: 1, preferences: {quality: high, exclude_models: ["*-nano"]}}
  forced: {kind: chat, force_model: gpt-5}
"""


@pytest.fixture
def project_with_choice(run, project, stock, make_model):
    (project / "llmhub.spec.yaml").write_text(SPEC, encoding="utf-8")
    stock(
        make_model("openai:gpt-6", (1.0, 4.0), 1420.0),
        make_model("openai:gpt-5", (3.0, 12.0), 1300.0, release_date="2025-08-01"),
        make_model("openai:gpt-6-nano", (0.1, 0.4), 1310.0),
        make_model("anthropic:claude-sonnet-5", (3.0, 15.0), 1390.0),
        make_model("mistral:mistral-large-9", (3.0, 15.0), 1390.0),
    )
    return project


@pytest.fixture
def why(run, project_with_choice):
    def why(*arguments):
        ended = run("why", *arguments)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return why


def test_one_sentence_names_the_choice_and_a_table_its_criteria(why):
    shown = why("answers")
    assert shown.startswith("answers gets openai:gpt-6: best of 3")
    assert "quality x" in shown
    assert "anthropic:claude-sonnet-5" in shown


def test_a_model_that_lost_is_told_with_its_place_and_what_it_lost_on(why):
    shown = why("answers", "openai:gpt-5")
    assert shown.startswith("openai:gpt-5 is number 3 of 3 for answers; it lost to openai:gpt-6 by 0.")
    assert "quality (" in shown.splitlines()[0]
    told = json.loads(why("answers", "openai:gpt-5", "--json"))
    (fate,) = told["models"]
    assert (fate["outcome"], fate["place"]) == ("lost", 3)
    assert fate["candidate"]["score"] < told["selection"]["candidates"][0]["score"]


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("gpt-6-nano", "openai:gpt-6-nano cannot serve answers: excluded by '*-nano'"),
        ("mistral-large-9", "mistral:mistral-large-9 cannot serve answers: provider mistral is not allowed"),
        (
            "claude-sonnet-5",
            "anthropic:claude-sonnet-5 stands in as fallback 1; as first choice it lost to openai:gpt-6",
        ),
        ("gpt-6", "openai:gpt-6 is the choice for answers: best of 3"),
    ],
)
def test_every_model_has_an_answer(why, model, reason):
    assert why("answers", model).startswith(reason)


def test_under_a_forced_model_nothing_else_was_looked_at(why):
    assert "the spec forces another model" in why("forced", "gpt-6")


def test_a_file_that_names_another_model_is_told(run, project_with_choice, why):
    run("generate")
    path = project_with_choice / "llmhub.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("model: gpt-6\n", "model: gpt-5\n"), encoding="utf-8")
    assert "llmhub.yaml still names openai:gpt-5" in why("answers")
    assert json.loads(why("answers", "--json"))["present"] == "openai:gpt-5"


def test_a_pinned_role_is_told_as_pinned(run, project_with_choice, why):
    run("generate")
    path = project_with_choice / "llmhub.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("model: gpt-6\n", "model: gpt-6\n    pinned: true\n", 1), encoding="utf-8")
    assert why("answers").startswith("answers is pinned to openai:gpt-6 in llmhub.yaml")
    assert json.loads(why("answers", "--json"))["pinned"] is True


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("anwsers",), "Did you mean 'answers'?"), (("answers", "gpt-66"), "Did you mean 'gpt-6'?")],
)
def test_a_name_that_nobody_has_is_told_with_the_nearest(run, project_with_choice, arguments, told):
    ended = run("why", *arguments)
    assert ended.returncode == 1
    assert told in ended.stderr
