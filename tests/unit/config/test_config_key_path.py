"""A dotted key, as typed, and the path it means: names hold dots, too."""

import pytest

from llmhub.config.key_path import key_path
from llmhub.config.schema import spec_schema
from llmhub.errors import ConfigError

SCHEMA = spec_schema(("openai", "anthropic"))
VALUES = {
    "providers": {"openai": {}},
    "roles": {
        "llm": {"kind": "chat"},
        "llm.inference": {"kind": "chat", "preferences": {"needs": ["tools", "vision"]}, "mode_params": {"a": [{}]}},
    },
}


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("project", ("project",)),
        ("roles.llm.inference.kind", ("roles", "llm.inference", "kind")),
        ("roles.llm.kind", ("roles", "llm", "kind")),
        ("roles.llm.inference", ("roles", "llm.inference")),
        ("roles.llm.new.kind", ("roles", "llm.new", "kind")),
        ("roles.llm.inference.fast.preferences.cost", ("roles", "llm.inference.fast", "preferences", "cost")),
        ("roles.other.role", ("roles", "other.role")),
        ("roles.llm.inference.preferences.needs.1", ("roles", "llm.inference", "preferences", "needs", 1)),
        ("roles.llm.inference.preferences.needs.2", ("roles", "llm.inference", "preferences", "needs", 2)),
        ("roles.llm.inference.mode_params.a.0.b", ("roles", "llm.inference", "mode_params", "a", 0, "b")),
        ("roles.llm.inference.weights.my.scorer", ("roles", "llm.inference", "weights", "my.scorer")),
        ("environments.prod.roles.llm.two.kind", ("environments", "prod", "roles", "llm.two", "kind")),
        ("x-mine.a.b", ("x-mine", "a", "b")),
        ("defaults.preferences.cost", ("defaults", "preferences", "cost")),
        ("providers.anthropic.env_key", ("providers", "anthropic", "env_key")),
    ],
)
def test_a_key_means_a_path(key, path):
    assert key_path(key, SCHEMA, VALUES) == path


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("rols", "Did you mean 'roles'?"),
        ("roles.llm.inference.knd", "Did you mean 'kind'?"),
        ("roles.llm.inference.preferences.costs", "Did you mean 'cost'?"),
        ("roles.llm.inference.kind.deep", "a single value"),
        ("roles.llm.inference.preferences.needs.tools", "by number"),
        ("roles.llm.inference.preferences.needs.9", "2 is the next number"),
        ("roles..kind", "is no key"),
        ("", "is no key"),
    ],
)
def test_a_key_at_which_nothing_can_stand_is_refused_with_what_could(key, told):
    with pytest.raises(ConfigError, match=told.replace("?", r"\?")):
        key_path(key, SCHEMA, VALUES)
