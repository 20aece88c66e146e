"""What of a spec can be filled in, from its schema, as functions."""

from __future__ import annotations

import pytest

from llmhub.anyllm.providers import PROVIDER_NAMES
from llmhub.config.meanings import MEANINGS
from llmhub.config.schema import spec_schema
from llmhub.records.spec import Preferences, RoleSpec
from llmhub_server.page.editor.form import CHOICE, LEVELS, LIMITS, Field, Form, key_state, shown, stored

VALUES = {
    "project": "shop",
    "providers": {"openai": {"enabled": True, "env_key": "SHOP_KEY"}, "x-shared": {}},
    "roles": {"llm.answers": {"kind": "chat", "preferences": {"cost": "low", "criteria": {"speed": 1.0}}}},
    "environments": {
        "prod": {"roles": {"llm.answers": {"preferences": {"cost": "high", "needs": ["tools"]}}}},
        "staging": None,
    },
}

YES, NO = True, False


@pytest.fixture
def form() -> Form:
    return Form(spec_schema(PROVIDER_NAMES), VALUES)


def fields(form: Form, role: str = "llm.answers") -> dict[str, Field]:
    return {field.key: field for section in form.role(role) for field in section.fields}


def test_every_key_of_a_role_is_in_the_form_or_said_to_be_in_the_text_alone(form) -> None:
    import attrs

    named = {"kind", "description", *LEVELS, *LIMITS, *CHOICE}
    keys = {one.name for record in (RoleSpec, Preferences) for one in attrs.fields(record)}
    assert keys - named == {"preferences", "mode_params", "weights", "criteria"}
    assert set(fields(form)) == named


def test_keys_mean_in_the_form_what_they_mean_everywhere(form) -> None:
    found = fields(form)
    assert found["cost"].meaning == MEANINGS["Preferences"]["cost"]
    assert found["force_model"].meaning == MEANINGS["RoleSpec"]["force_model"]


@pytest.mark.parametrize(
    ("key", "control"),
    [
        ("kind", "choice"),
        ("description", "text"),
        ("cost", "choice"),
        ("needs", "choices"),
        ("context_min", "count"),
        ("max_price_input", "number"),
        ("open_weights", "yes or no"),
        ("providers", "names"),
        ("exclude_models", "names"),
        ("force_model", "name"),
        ("fallbacks", "count"),
    ],
)
def test_each_key_is_filled_in_with_what_it_may_hold(form, key, control) -> None:
    assert fields(form)[key].control == control


def test_what_environments_say_instead_is_told(form) -> None:
    found = fields(form)
    assert found["cost"].overrides == (("prod", "high"),)
    assert found["needs"].overrides == (("prod", "tools"),)
    assert found["quality"].overrides == ()


def test_what_only_the_text_can_change_is_named_where_it_is_set(form) -> None:
    told = [key for section in form.role("llm.answers") for key in section.elsewhere]
    assert told == ["criteria"]


def test_names_that_are_no_names_stand_in_no_list(form) -> None:
    assert form.providers == ("openai",)
    assert Form(spec_schema(()), {"roles": ["a"], "providers": None}).roles == ()


def test_a_spec_of_wrong_shapes_can_still_be_filled_in() -> None:
    odd = Form(spec_schema(()), {"roles": {"a": "chat", "b": {"preferences": ["low"]}}, "environments": 3})
    assert fields(odd, "a")["kind"].value is None
    assert fields(odd, "b")["cost"].value is None


def test_values_of_controls_become_values_of_the_file(form) -> None:
    found = fields(form)
    assert stored(found["context_min"], 8000.0) == 8000
    assert isinstance(stored(found["context_min"], 8000.0), int)
    assert stored(found["max_price_input"], 2.5) == 2.5
    assert isinstance(stored(found["max_price_input"], 2.0), int)
    assert stored(found["max_price_input"], 0) == 0
    assert stored(found["open_weights"], NO) is NO
    assert stored(found["providers"], ["openai"]) == ["openai"]
    emptied = {"cost": None, "description": "", "needs": []}
    assert [stored(found[key], value) for key, value in emptied.items()] == [None] * 3


def test_a_switch_at_its_default_is_not_written_unless_it_was(form) -> None:
    enabled = form.provider("openai").fields[0]
    assert stored(enabled, YES) is YES
    fresh = Form(spec_schema(()), {"providers": {"a": {}}}).provider("a").fields[0]
    assert stored(fresh, YES) is None
    assert stored(fresh, NO) is NO


def test_values_are_shown_in_few_words() -> None:
    assert shown({"a": True, "b": ["x", 1]}) == "a: true, b: x, 1"
    assert shown([]) == "none"


def test_a_key_is_looked_for_by_the_name_in_the_file_else_by_the_usual_ones() -> None:
    usual = {"gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY")}
    is_set = {"GOOGLE_API_KEY"}.__contains__
    assert key_state("gemini", {}, usual, is_set).found == "GOOGLE_API_KEY"
    assert key_state("gemini", {"env_key": "MINE"}, usual, is_set).found is None
    assert key_state("gemini", {"env_key": "MINE"}, usual, is_set).variables == ("MINE",)
    assert key_state("local", None, usual, is_set).variables == ()
