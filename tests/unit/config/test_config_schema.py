"""The JSON Schemas of the two files say what the loader says, as far as a schema can."""

import copy
from typing import Any

import pytest
from attrs import fields, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from llmhub.config import rules
from llmhub.config.load import structure_config, structure_spec
from llmhub.config.meanings import MEANINGS
from llmhub.config.schema import _Writer, config_schema, spec_schema
from llmhub.errors import ConfigError, InvalidFileError
from llmhub.records.spec import HubSpec, Preferences, RoleSpec

KNOWN = ("openai", "anthropic")
SPEC: dict[str, Any] = {
    "project": "p",
    "env": "dev",
    "providers": {"openai": {"enabled": True, "env_key": "OPENAI_API_KEY"}, "office": {"api_base": "http://h/v1"}},
    "roles": {
        "llm.one": {
            "kind": "chat",
            "description": "d",
            "preferences": {"cost": "low", "needs": ["tools"], "context_min": 8, "criteria": {"speed": 1.5}},
            "weights": {"cost": 2},
            "mode_params": {"temperature": 0.5, "deep": {"a": [1]}},
            "fallbacks": 1,
        },
        "llm.two": {"kind": "embedding", "preferences": None},
    },
    "defaults": {"providers": ["openai"], "preferences": {"open_weights": True}},
    "environments": {
        "prod": {"roles": {"llm.one": {"kind": "tool", "preferences": {"quality": "high"}}}},
        "test": None,
    },
    "catalog": {"price_ratio": 3},
    "x-note": {"anything": [1]},
}
CONFIG: dict[str, Any] = {
    "project": "p",
    "providers": {"openai": {"client_args": {"max_retries": 0}}},
    "roles": {
        "llm.one": {
            "provider": "openai",
            "model": "m",
            "mode": "chat",
            "params": {"temperature": 0.2},
            "timeout": 3.5,
            "retry": {"attempts": 2, "max_delay": 1},
            "fallbacks": [{"provider": "anthropic", "model": "n", "params": {}}],
        }
    },
    "defaults": {"provider": "openai", "model": "m"},
    "generated": {"by": "llmhub", "catalog": "c", "spec_hash": "h"},
}
SPEC_SCHEMA, CONFIG_SCHEMA = spec_schema(KNOWN), config_schema(KNOWN)

BEYOND_A_SCHEMA = (
    "any-llm knows",  # which names are providers is no matter of form
    "is declared under `providers`",
    "switched off",
    "cannot stand in for a role",
    "not shown",  # what looks like a key
    "holds a key or password",
    "is no parameter",
    "would share a file",
)

BEYOND_A_LAYER = ("required, but missing", "found nothing")  # what lies below an environment's layer may complete it


def loader_problems(document: dict[str, Any], structure: Any) -> list[str]:
    try:
        structure(document, known_providers=KNOWN)
    except InvalidFileError as error:
        return [str(problem) for problem in error.problems]
    except ConfigError as error:
        return [str(error)]
    return []


def schema_problems(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("schema", [SPEC_SCHEMA, CONFIG_SCHEMA], ids=["spec", "config"])
def test_a_schema_is_a_valid_one_of_draft_2020_12(schema):
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("document", "schema", "structure"),
    [(SPEC, SPEC_SCHEMA, structure_spec), (CONFIG, CONFIG_SCHEMA, structure_config)],
    ids=["spec", "config"],
)
def test_a_full_document_is_valid_by_both(document, schema, structure):
    assert loader_problems(document, structure) == []
    assert schema_problems(document, schema) == []


@pytest.mark.parametrize("record", [HubSpec, RoleSpec, Preferences], ids=lambda record: record.__name__)
def test_every_field_of_a_record_is_in_the_schema(record):
    properties = (SPEC_SCHEMA if record is HubSpec else SPEC_SCHEMA["$defs"][record.__name__])["properties"]
    assert {field.name for field in fields(record)} <= set(properties)


def test_every_rule_for_a_field_says_what_a_schema_can_say_of_it():
    used = {rule for by_field in rules._RULES.values() for rule in by_field.values()}
    assert used <= set(rules._CONSTRAINTS)


def test_a_type_that_no_schema_was_thought_of_for_is_refused():
    @frozen
    class Odd:
        when: complex

    with pytest.raises(TypeError, match="complex"):
        _Writer(known_providers=()).record_schema(Odd)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("roles", "llm.one", "kind"), "chatt"),
        (("roles", "llm.one", "kind"), None),
        (("roles", "llm.one", "preferences", "cost"), "cheap"),
        (("roles", "llm.one", "preferences", "cots"), "low"),
        (("roles", "llm.one", "preferences", "needs"), "tools"),
        (("roles", "llm.one", "preferences", "needs"), ["flying"]),
        (("roles", "llm.one", "preferences", "max_price_input"), -1),
        (("roles", "llm.one", "preferences", "criteria"), {"speed": -1}),
        (("roles", "llm.one", "fallbacks"), 0.5),
        (("roles", "llm.one"), None),
        (("environments", "prod", "env"), "x"),
        (("environments", "prod", "roles", "llm.one", "knd"), "x"),
        (("environments", "prod"), 5),
        (("providers", "openai", "env_key"), "lower case"),
        (("providers", "office", "api_base"), "ftp://h"),
        (("catalog", "price_ratio"), 0),
        (("project",), ""),
        (("env",), "a b"),
        (("unknown",), 1),
    ],
)
def test_both_refuse(path, value):
    document = with_value(SPEC, path, value)
    assert loader_problems(document, structure_spec)
    assert schema_problems(document, SPEC_SCHEMA)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("roles", "llm.one", "preferences", "cost"), None),
        (("roles", "llm.one", "x-note"), 1),
        (("roles", "x-template"), 1),
        (("environments", "x-note"), 1),
        (("providers", "anthropic"), None),
        (("defaults",), None),
        (("environments",), None),
        (("environments", "dev"), {"project": "other", "roles": {"llm.one": {"kind": "tool"}}}),
        (("roles", "llm.one", "mode_params"), {}),
    ],
)
def test_both_take(path, value):
    document = with_value(SPEC, path, value)
    assert loader_problems(document, structure_spec) == []
    assert schema_problems(document, SPEC_SCHEMA) == []


WORDS = ["", " ", "low", "chat", "openai", "office", "opnai", "a b", "KEY_1", "http://h", "http://", "tools"]
NUMBERS = [0, 1, -1, 0.5, -0.5]
NESTED = [[], ["tools"], ["openai"], [1], {}, {"cost": "low"}, {"a": 1}, {"a": "b"}]
VALUES = st.sampled_from([None, True, False, *NUMBERS, *WORDS, *NESTED])
KEYS = st.sampled_from(["cost", "kind", "unknown", "x-note", "openai", "prod", "env", "retry", "budget", "needs", "a"])


@pytest.mark.parametrize(
    ("document", "schema", "structure"),
    [(SPEC, SPEC_SCHEMA, structure_spec), (CONFIG, CONFIG_SCHEMA, structure_config)],
    ids=["spec", "config"],
)
@given(data=st.data())
@settings(max_examples=200)
def test_whatever_is_changed_loader_and_schema_agree(document, schema, structure, data):
    path = data.draw(st.sampled_from(list(paths_of(document))))
    if data.draw(st.booleans()) and isinstance(value_at(document, path), dict):
        path = (*path, data.draw(KEYS))
    changed = with_value(document, path, data.draw(VALUES)) if path else document
    refused, faults = loader_problems(changed, structure), schema_problems(changed, schema)
    if faults:
        assert refused, f"only the schema refuses: {faults}"
    elif refused:
        beyond = (*BEYOND_A_SCHEMA, *(BEYOND_A_LAYER if path[0] == "environments" else ()))
        assert any(reason in problem for problem in refused for reason in beyond), refused


def paths_of(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths_of(item, (*path, key))


def value_at(value, path):
    for segment in path:
        value = value[segment]
    return value


def with_value(document, path, value):
    changed = copy.deepcopy(document)
    value_at(changed, path[:-1])[path[-1]] = value
    return changed


@pytest.mark.parametrize("make", [spec_schema, config_schema])
def test_every_key_says_what_it_means(make):
    schema = make(())
    places = {"": schema, **schema["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, place in places.items()
        for key, value in place["properties"].items()
        if not value.get("description")
    ]
    assert silent == [], "say what it means in llmhub/config/meanings.py"


def test_no_meaning_outlives_its_key():
    known = {"HubSpec": spec_schema(()), "HubConfig": config_schema(())}
    known |= known["HubSpec"]["$defs"] | known["HubConfig"]["$defs"]
    assert [
        (name, key) for name, keys in MEANINGS.items() for key in keys if key not in known[name]["properties"]
    ] == []
