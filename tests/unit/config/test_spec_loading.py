"""`llmhub.spec.yaml` as a record for one environment, or every one of its problems at once."""

import pytest

from llmhub.config.converter import unstructure
from llmhub.config.emit import dump_document
from llmhub.config.load import load_spec, structure_spec
from llmhub.errors import ConfigError, ConfigNotFoundError
from llmhub.records.spec import CatalogOptions, HubSpec, Preferences, ProviderSpec, RoleSpec, SpecDefaults

EXAMPLE = """\
project: my-app
env: dev
providers:
  openai: {enabled: true, env_key: OPENAI_API_KEY}
  anthropic: {enabled: true, env_key: ANTHROPIC_API_KEY}
roles:
  llm.preprocess:
    kind: chat            # chat, embedding, image, audio, tool, other
    description: Fast preprocessing model to normalize input
    preferences: {cost: low, latency: low, quality: medium, providers: [openai]}
  llm.inference:
    kind: chat
    description: Main reasoning model for answering questions
    preferences: {cost: medium, latency: medium, quality: high, providers: [openai, anthropic]}
  llm.embedding:
    kind: embedding
    description: Vector embeddings for retrieval
    preferences: {cost: low, latency: low, quality: medium, providers: [openai]}
defaults:
  providers: [openai, anthropic]
"""


def test_the_example_of_the_design_loads_as_it_stands(read_spec):
    spec = read_spec(EXAMPLE)
    assert list(spec.roles) == ["llm.preprocess", "llm.inference", "llm.embedding"]
    assert spec.roles["llm.inference"].preferences == Preferences(
        cost="medium", latency="medium", quality="high", providers=("openai", "anthropic")
    )
    assert spec.providers["openai"] == ProviderSpec(enabled=True, env_key="OPENAI_API_KEY")
    assert spec.defaults.providers == ("openai", "anthropic")


FULL = HubSpec(
    project="p",
    env="prod",
    providers={"local": ProviderSpec(enabled=False, api_base="http://h/v1", type="openai", env_key="KEY_1")},
    roles={
        "r": RoleSpec(
            kind="tool",
            description="d",
            preferences=Preferences(
                cost="low",
                reasoning="high",
                creativity="low",
                context_min=8000,
                needs=("tools", "vision"),
                max_price_input=1.0,
                max_price_output=0.0,
                open_weights=False,
                providers=("openai",),
                exclude_models=("gpt-*",),
                criteria={"mine": 0.5},
            ),
            force_provider="gemini",
            force_model="g",
            mode_params={"anything": {"goes": 1}},
            fallbacks=2,
            weights={"cost": 2.0},
        )
    },
    defaults=SpecDefaults(providers=("openai",), preferences=Preferences(quality="high")),
    catalog=CatalogOptions(sources=("models_dev",), price_ratio=4.0),
    generator="llm",
)


def test_every_field_survives_writing_and_reading(read_spec):
    assert read_spec(dump_document(unstructure(FULL))) == FULL


def test_a_spec_in_memory_is_held_to_the_same_rules():
    assert structure_spec(unstructure(FULL), known_providers=("openai", "gemini")) == FULL


def role(fields: str) -> str:
    return f"project: p\nproviders: {{anthropic: {{enabled: false}}}}\nroles:\n  r:\n    {fields}\n"


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ("{}", "roles.r.kind", "required, but missing"),
        ("{kind: Chat}", "roles.r.kind", "Did you mean 'chat'?"),
        ("{kind: chat, preferences: {cost: lo}}", "roles.r.preferences.cost", "expected one of low, medium, high"),
        ("{kind: chat, preferences: {needs: [toolz]}}", "roles.r.preferences.needs.0", "Did you mean 'tools'?"),
        ("{kind: chat, preferences: {needs: tools}}", "roles.r.preferences.needs", "expected a list"),
        ("{kind: chat, preferences: {qualty: high}}", "roles.r.preferences.qualty", "Did you mean 'quality'?"),
        ("{kind: chat, preferences: {context_min: 8k}}", "roles.r.preferences.context_min", "a whole number"),
        ("{kind: chat, preferences: {context_min: -1}}", "roles.r.preferences.context_min", "0 or more"),
        ("{kind: chat, preferences: {max_price_input: -1}}", "roles.r.preferences.max_price_input", "0 or more"),
        ("{kind: chat, preferences: {max_price_output: -.5}}", "roles.r.preferences.max_price_output", "0 or more"),
        ("{kind: chat, preferences: {open_weights: yes}}", "roles.r.preferences.open_weights", "true or false"),
        ("{kind: chat, preferences: {open_weights: 1}}", "roles.r.preferences.open_weights", "true or false"),
        ("{kind: chat, preferences: {criteria: {a: -1}}}", "roles.r.preferences.criteria.a", "0 or more"),
        ("{kind: chat, preferences: {providers: [opnai]}}", "roles.r.preferences.providers.0", "'openai'?"),
        ("{kind: chat, preferences: {providers: [anthropic]}}", "roles.r.preferences.providers.0", "switched off"),
        ("{kind: chat, force_provider: anthropic}", "roles.r.force_provider", "switched off"),
        ("{kind: chat, force_provider: gemni}", "roles.r.force_provider", "Did you mean 'gemini'?"),
        ("{kind: chat, force_model: ''}", "roles.r.force_model", "is empty"),
        ("{kind: chat, fallbacks: -1}", "roles.r.fallbacks", "expected 0 or more"),
        ("{kind: chat, fallbacks: [x]}", "roles.r.fallbacks", "found a list; expected a whole number"),
        ("{kind: chat, weights: {cost: -0.1}}", "roles.r.weights.cost", "expected 0 or more"),
        ("{kind: chat, weights: {cost: high}}", "roles.r.weights.cost", "expected a number"),
        ("{kind: chat, mode_params: {api_key: abc}}", "roles.r.mode_params.api_key", "looks like a key"),
    ],
)
def test_a_fault_in_a_role_is_told_with_its_path_and_what_was_expected(read_spec, problems_of, fields, path, words):
    (problem,) = problems_of(read_spec, role(fields))
    assert problem.path == path
    assert words in str(problem)


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("env: dev", "project", "required, but missing"),
        ("project: 2024", "project", "put it in quotes"),
        ("project: ' '", "project", "is empty"),
        ("project: p\nenv: a b", "env", "expected a name"),
        ("project: p\ncatalog: {price_ratio: 0}", "catalog.price_ratio", "a number above 0"),
        ("project: p\ncatalog: {overrides: {}}", "catalog.overrides", "not acted on by this version"),
        ("project: p\ndefaults: {providers: [nobody]}", "defaults.providers.0", "no provider 'nobody'"),
        ("project: p\ndefaults: {preferences: {providers: [x1]}}", "defaults.preferences.providers.0", "no provider"),
        ("project: p\nproviders: {mine: {enabled: true}}", "providers.mine", "needs `api_base`"),
        ("project: p\nproviders: {openai: {env_key: sk-1}}", "providers.openai.env_key", "environment variable"),
        ("project: p\nrole: {}", "role", "Did you mean 'roles'?"),
    ],
)
def test_a_fault_elsewhere_is_told(read_spec, problems_of, text, path, words):
    (problem,) = problems_of(read_spec, text)
    assert problem.path == path
    assert words in str(problem)


def test_all_problems_are_told_at_once(read_spec, problems_of):
    text = "project: 3\nroles:\n  a: {kind: chatt, fallbacks: -1}\n  b: {preferences: {cost: lo, providers: [nope]}}\n"
    assert [problem.path for problem in problems_of(read_spec, text)] == [
        "project",
        "roles.a.kind",
        "roles.a.fallbacks",
        "roles.b.kind",
        "roles.b.preferences.cost",
        "roles.b.preferences.providers.0",
    ]


def test_a_missing_spec_says_what_to_run(tmp_path):
    with pytest.raises(ConfigNotFoundError, match="llmhub init"):
        load_spec(tmp_path / "llmhub.spec.yaml", known_providers=())


# --- environments


ENVIRONMENTS = """\
project: p
env: dev
providers:
  openai: {enabled: true}
roles:
  r:
    kind: chat
    preferences: {cost: low, providers: [openai, gemini]}
environments:
  prod:
    roles:
      r: {preferences: {cost: high, providers: [anthropic]}}
      extra: {kind: embedding}
  staging:
    providers: {openai: {enabled: false}}
    roles: {r: {preferences: {providers: [gemini]}}}
  dev:
    generator: llm
"""


def test_an_environment_is_merged_deeply_over_the_rest(read_spec):
    spec = read_spec(ENVIRONMENTS, "prod")
    assert spec.env == "prod"
    assert spec.roles["r"] == RoleSpec(kind="chat", preferences=Preferences(cost="high", providers=("anthropic",)))
    assert list(spec.roles) == ["r", "extra"]
    assert spec.generator == "heuristic"


@pytest.mark.parametrize("env", [None, "dev"])
def test_the_specs_own_environment_applies_without_being_asked_for(read_spec, env):
    spec = read_spec(ENVIRONMENTS, env)
    assert spec.env == "dev"
    assert spec.generator == "llm"
    assert list(spec.roles) == ["r"]


def test_a_spec_without_env_is_for_dev(read_spec):
    assert read_spec("project: p\n").env == "dev"
    assert read_spec("project: p\nenvironments: {dev: {generator: llm}}\n").generator == "llm"


def test_an_unknown_environment_lists_the_known_ones(read_spec):
    with pytest.raises(ConfigError, match=r"no environment 'pord'. Did you mean 'prod'\? Known: dev, prod, staging"):
        read_spec(ENVIRONMENTS, "pord")


def test_a_fault_in_an_environment_is_told_at_its_own_line_whichever_is_asked_for(read_spec, problems_of):
    text = ENVIRONMENTS.replace("cost: high", "cost: higher").replace("cost: low", "cost: lower")
    for env in (None, "prod", "staging"):
        assert [(problem.line, problem.found) for problem in problems_of(read_spec, text, env)] == [
            (8, "the text 'lower'"),
            (12, "the text 'higher'"),
        ]


def test_what_only_an_environment_makes_wrong_is_told(read_spec, problems_of):
    text = ENVIRONMENTS.replace("    roles: {r: {preferences: {providers: [gemini]}}}\n", "")
    (problem,) = problems_of(read_spec, text)
    assert "switched off" in problem.message
    assert (problem.line, problem.column) == (8, 42)


def test_an_empty_section_in_an_environment_takes_nothing_away(read_spec):
    spec = read_spec("project: p\nroles: {r: {kind: chat}}\nenvironments:\n  prod:\n    roles:\n  empty:\n", "prod")
    assert list(spec.roles) == ["r"]


def test_an_empty_value_in_an_environment_unsets_the_value_below(read_spec):
    text = (
        "project: p\nroles: {r: {kind: chat, preferences: {max_price_input: 1}}}\n"
        "environments: {prod: {roles: {r: {preferences: {max_price_input: null}}}}}\n"
    )
    assert read_spec(text).roles["r"].preferences.max_price_input == 1.0
    assert read_spec(text, "prod").roles["r"].preferences.max_price_input is None


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ("environments: 3", "environments"),
        ("environments: {prod: 3}", "environments.prod"),
        ("environments: {prod: [x]}", "environments.prod"),
        ("environments: {prod: {env: dev}}", "environments.prod.env"),
        ("environments: {prod: {environments: {}}}", "environments.prod.environments"),
        ("environments: {../prod: {}}", "env"),
    ],
)
def test_an_environments_section_that_makes_no_sense_is_a_problem(read_spec, problems_of, section, path):
    problems = problems_of(read_spec, f"project: p\n{section}\n")
    assert [(problem.path, problem.line) for problem in problems] == [(path, 2)]


def test_environments_work_in_memory_too():
    values = {"project": "p", "environments": {"prod": {"generator": "llm"}}}
    assert structure_spec(values, known_providers=()).generator == "heuristic"
    assert structure_spec(values, known_providers=(), env="prod").generator == "llm"


def test_a_shared_anchor_is_not_changed_by_an_environment(read_spec):
    text = (
        "project: p\nx-p: &p {cost: low}\nroles:\n  a: {kind: chat, preferences: *p}\n"
        "  b: {kind: chat, preferences: *p}\nenvironments: {prod: {roles: {a: {preferences: {cost: high}}}}}\n"
    )
    spec = read_spec(text, "prod")
    assert spec.roles["a"].preferences.cost == "high"
    assert spec.roles["b"].preferences.cost == "low"
