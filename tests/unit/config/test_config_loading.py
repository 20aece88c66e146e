"""`llmhub.yaml` as a record, or every one of its problems at once."""

import os

import pytest

from llmhub.config.converter import unstructure
from llmhub.config.emit import dump_document
from llmhub.config.load import load_config, structure_config
from llmhub.errors import ConfigError, ConfigNotFoundError, InvalidFileError
from llmhub.records.config import (
    Circuit,
    Generated,
    HubConfig,
    ProviderConfig,
    Retry,
    RoleConfig,
    TargetConfig,
    VariantConfig,
)

KNOWN = ("openai", "anthropic", "gemini", "ollama")

EXAMPLE = """\
project: my-app
env: dev
providers:
  openai: {env_key: OPENAI_API_KEY}
  anthropic: {env_key: ANTHROPIC_API_KEY}
roles:
  llm.preprocess: {provider: openai, model: gpt-4o-mini, mode: chat, params: {temperature: 0.2, max_tokens: 512}}
  llm.embedding: {provider: openai, model: text-embedding-3-small, mode: embedding, params: {embedding_dim: 1536}}
defaults: {provider: openai, model: gpt-4o-mini, mode: chat, params: {temperature: 0.3, max_tokens: 1024}}
"""


def test_the_example_of_the_design_loads_as_it_stands(read_config):
    config = read_config(EXAMPLE)
    assert config.project == "my-app"
    assert config.providers["openai"] == ProviderConfig(env_key="OPENAI_API_KEY")
    assert config.roles["llm.embedding"] == RoleConfig(
        provider="openai", model="text-embedding-3-small", mode="embedding", params={"embedding_dim": 1536}
    )
    assert config.defaults is not None
    assert config.defaults.params == {"temperature": 0.3, "max_tokens": 1024}


FULL = HubConfig(
    project="p",
    env="prod",
    providers={
        "local": ProviderConfig(
            api_base="http://localhost:8000/v1", type="openai", client_args={"timeout": 3}, max_concurrency=8
        )
    },
    roles={
        "r": RoleConfig(
            provider="local",
            model="m",
            params={"nested": {"x": [1, None]}},
            fallbacks=(TargetConfig(provider="openai", model="n", mode="tool", context_tokens=128_000),),
            timeout=3.0,
            deadline=9.5,
            retry=Retry(attempts=3, max_delay=2.0),
            reason="cheapest: of 3",
            context_tokens=8_000,
            fallback_on=("empty", "invalid_schema"),
            variants=(VariantConfig(name="a", weight=9.0), VariantConfig(name="b", model="m2", enabled=False)),
            sticky_by="user",
        )
    },
    circuit=Circuit(failures=3, cooldown=1.5),
    selector="variants",
    ledger="sqlite",
    generated=Generated(by="llmhub 0.1", catalog="2026-01-01", spec_hash="012"),
)


def test_every_field_survives_writing_and_reading(read_config):
    assert read_config(dump_document(unstructure(FULL))) == FULL


def test_a_config_in_memory_is_held_to_the_same_rules():
    assert structure_config(unstructure(FULL), known_providers=KNOWN) == FULL
    with pytest.raises(InvalidFileError) as caught:
        structure_config({"project": "p", "roles": {"r": {"provider": "opena", "model": 3}}}, known_providers=KNOWN)
    assert str(caught.value).splitlines()[0] == "<config>: 2 problems"
    assert str(caught.value.problems[1]).startswith("<config>: roles.r.provider: ")


def test_keys_in_memory_must_be_text():
    with pytest.raises(InvalidFileError, match="keys must be text"):
        structure_config({"project": "p", "roles": {3: {}}}, known_providers=KNOWN)


def test_a_config_in_memory_may_hold_tuples_and_is_not_changed_by_reading():
    params = {"stop": ("a",)}
    values = {"project": "p", "roles": {"r": {"provider": "openai", "model": "m", "params": params}}}
    config = structure_config(values, known_providers=KNOWN)
    assert config.roles["r"].params is not params
    assert params == {"stop": ("a",)}


def test_what_is_left_empty_counts_as_not_said(read_config):
    text = "project: p\nproviders:\n  openai:\nroles:\n  r: {provider: openai, model: m, params: , timeout: null}\n"
    config = read_config(text)
    assert config.providers == {"openai": ProviderConfig()}
    assert config.roles["r"] == RoleConfig(provider="openai", model="m")


def test_keys_that_begin_with_x_are_left_alone_everywhere(read_config):
    config = read_config(
        "project: p\nx-all: &all {provider: openai, model: m, x-note: 1}\nroles:\n  x-hidden: 3\n  r: *all\n"
    )
    assert list(config.roles) == ["r"]


def test_params_and_client_args_take_any_key(read_config):
    config = read_config(
        "project: p\nproviders: {openai: {client_args: {max_retries: 0, anything: [1]}}}\n"
        "roles: {r: {provider: openai, model: m, params: {frobnicate: {deep: true}, x-y: 1}}}\n"
    )
    assert config.providers["openai"].client_args == {"max_retries": 0, "anything": [1]}
    assert config.roles["r"].params == {"frobnicate": {"deep": True}, "x-y": 1}


def role(fields: str) -> str:
    return f"project: p\nproviders: {{local: {{api_base: 'http://h/v1'}}}}\nroles:\n  r:\n    {fields}\n"


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ("{provider: openai}", "roles.r.model", "required, but missing"),
        ("{provider: openai, model: }", "roles.r.model", "found nothing; expected text"),
        ("{provider: openai, model: ''}", "roles.r.model", "is empty"),
        ("{provider: openai, model: 8}", "roles.r.model", "found the number 8; expected text; put it in quotes"),
        ("{provider: opnai, model: m}", "roles.r.provider", "Did you mean 'openai'?"),
        ("{provider: locl, model: m}", "roles.r.provider", "Did you mean 'local'?"),
        ("{provider: openai, model: m, mode: chta}", "roles.r.mode", "Did you mean 'chat'?"),
        ("{provider: openai, model: m, mode: yes}", "roles.r.mode", "found the text 'yes'; expected one of chat, "),
        ("{provider: openai, model: m, timeout: '8'}", "roles.r.timeout", "found the text '8'; expected a number"),
        ("{provider: openai, model: m, timeout: true}", "roles.r.timeout", "found true; expected a number"),
        ("{provider: openai, model: m, timeout: 0}", "roles.r.timeout", "expected a number above 0"),
        ("{provider: openai, model: m, timeout: .nan}", "roles.r.timeout", "expected a number above 0"),
        ("{provider: openai, model: m, deadline: -1}", "roles.r.deadline", "expected a number above 0"),
        ("{provider: openai, model: m, deadline: .inf}", "roles.r.deadline", "expected a number above 0"),
        ("{provider: openai, model: m, retry: {attempts: 0}}", "roles.r.retry.attempts", "expected 1 or more"),
        ("{provider: openai, model: m, retry: {attempts: 1.5}}", "roles.r.retry.attempts", "expected a whole number"),
        ("{provider: openai, model: m, retry: {attempts: true}}", "roles.r.retry.attempts", "expected a whole number"),
        ("{provider: openai, model: m, retry: {max_delay: -1}}", "roles.r.retry.max_delay", "expected 0 or more"),
        ("{provider: openai, model: m, retry: 3}", "roles.r.retry", "expected a mapping"),
        ("{provider: openai, model: m, tempreature: 1}", "roles.r.tempreature", "unknown key 'tempreature'"),
        ("{provider: openai, model: m, parms: {}}", "roles.r.parms", "Did you mean 'params'?"),
        ("{provider: openai, model: m, params: [1]}", "roles.r.params", "found a list; expected a mapping"),
        ("{provider: openai, model: m, fallbacks: x}", "roles.r.fallbacks", "found the text 'x'; expected a list"),
        ("{provider: openai, model: m, fallbacks: [x]}", "roles.r.fallbacks.0", "expected a mapping"),
        (
            "{provider: openai, model: m, fallbacks: [{provider: gemni, model: m}]}",
            "roles.r.fallbacks.0.provider",
            "Did you mean 'gemini'?",
        ),
        (
            "{provider: openai, model: m, fallbacks: [{provider: gemini, model: m, mode: embedding}]}",
            "roles.r.fallbacks.0.mode",
            "cannot stand in for a role of mode 'chat'",
        ),
        ("[x]", "roles.r", "found a list; expected a mapping"),
    ],
)
def test_a_fault_in_a_role_is_told_with_its_path_and_what_was_expected(read_config, problems_of, fields, path, words):
    (problem,) = problems_of(read_config, role(fields))
    assert problem.path == path
    assert words in str(problem)
    assert problem.line in (4, 5)


def test_a_fallback_of_the_same_kind_of_mode_is_fine(read_config):
    fallback = "{provider: local, model: m, mode: chat}"
    config = read_config(role(f"{{provider: openai, model: m, mode: tool, fallbacks: [{fallback}]}}"))
    assert config.roles["r"].fallbacks == (TargetConfig(provider="local", model="m", mode="chat"),)


@pytest.mark.parametrize("key", ["plugins"])
def test_what_later_versions_promise_at_the_top_is_refused_and_not_ignored(read_config, problems_of, key):
    (problem,) = problems_of(read_config, f"project: p\n{key}: []\n")
    assert "not acted on by this version of llmhub" in problem.message
    assert (problem.line, problem.column) == (2, 1)


@pytest.mark.parametrize(
    ("declaration", "path", "words"),
    [
        ("mine: {}", "providers.mine", "needs `api_base`"),
        ("opnai: {env_key: OPENAI_API_KEY}", "providers.opnai", "Did you mean 'openai'?"),
        ("mine: {type: openai}", "providers.mine", "needs `api_base`"),
        ("mine: {type: opnai, api_base: 'http://h'}", "providers.mine.type", "Did you mean 'openai'?"),
        ("mine: {api_base: localhost}", "providers.mine.api_base", "an address such as"),
        ("openai: {api_bse: 'http://h'}", "providers.openai.api_bse", "Did you mean 'api_base'?"),
        ("openai: 3", "providers.openai", "expected a mapping"),
    ],
)
def test_a_fault_in_a_provider_is_told(read_config, problems_of, declaration, path, words):
    (problem,) = problems_of(read_config, f"project: p\nproviders:\n  {declaration}\n")
    assert problem.path == path
    assert words in str(problem)


@pytest.mark.parametrize(
    "declaration",
    ["mine: {api_base: 'http://h/v1'}", "mine: {type: openai, api_base: 'https://h'}", "mine: {type: anthropic}"],
)
def test_an_endpoint_of_ones_own_may_have_any_name(read_config, declaration):
    config = read_config(f"project: p\nproviders: {{{declaration}}}\nroles: {{r: {{provider: mine, model: m}}}}\n")
    assert config.roles["r"].provider == "mine"


SECRET = "sk-proj-0123456789abcdefXYZ"


@pytest.mark.parametrize(
    "provider",
    [
        f"{{env_key: {SECRET}}}",
        "{env_key: hunter-two}",
        "{env_key: AKIAIOSFODNN7EXAMPLE}",
        f"{{api_key: {SECRET}}}",
        f"{{client_args: {{api_key: {SECRET}}}}}",
        "{client_args: {default_headers: {Authorization: hunter2}}}",
        "{client_args: {aws_secret_access_key: hunter2}}",
        f"{{client_args: {{whatever: [{SECRET}]}}}}",
        "{api_base: 'https://user:hunter2@example.com/v1'}",
        f"{{api_base: 'https://example.com/v1?key={SECRET}'}}",
        f"{{type: {SECRET}}}",
        f"{{env_key: [{SECRET}]}}",
    ],
)
def test_a_key_in_the_file_is_refused_and_never_shown(read_config, problems_of, provider):
    problems = problems_of(read_config, f"project: p\nproviders: {{openai: {provider}}}\n")
    assert len(problems) == 1
    told = repr(problems) + str(problems[0])
    for secret in (SECRET, "hunter", "AKIA"):
        assert secret not in told


@pytest.mark.parametrize("params", ["{api_key: abc}", "{extra_headers: {Authorization: abc}}", f"{{user: {SECRET}}}"])
def test_a_key_among_params_is_refused_and_never_shown(read_config, problems_of, params):
    (problem,) = problems_of(read_config, role(f"{{provider: openai, model: m, params: {params}}}"))
    assert "looks like a key" in problem.message
    assert "abc" not in repr(problem)
    assert SECRET not in repr(problem)


def test_ordinary_params_are_not_taken_for_keys(read_config):
    params = "{max_tokens: 10, stop_token: END, user: 'team-claude-3-5-sonnet-20241022', seed: 12345678901234567890}"
    config = read_config(role(f"{{provider: openai, model: m, params: {params}}}"))
    assert config.roles["r"].params["stop_token"] == "END"


def test_all_problems_are_told_at_once_in_the_order_of_the_file(read_config, problems_of):
    problems = problems_of(
        read_config,
        """\
env: ../etc
plugins: {}
providers:
  openai: {env_key: sk-abc, retries: 3}
roles:
  a: {provider: opnai, mode: chatt, timeout: 0}
  b: {provider: openai, model: m, model: n}
  c: 3
defalts: {}
""",
    )
    assert [(problem.line, problem.path) for problem in problems] == [
        (1, "project"),
        (1, "env"),
        (2, "plugins"),
        (4, "providers.openai.env_key"),
        (4, "providers.openai.retries"),
        (6, "roles.a.model"),
        (6, "roles.a.provider"),
        (6, "roles.a.mode"),
        (6, "roles.a.timeout"),
        (7, "roles.b.model"),
        (8, "roles.c"),
        (9, "defalts"),
    ]


def test_a_missing_file_says_what_to_run(tmp_path):
    with pytest.raises(ConfigNotFoundError, match="llmhub generate"):
        load_config(tmp_path / "llmhub.yaml", known_providers=KNOWN)


def test_a_folder_in_place_of_the_file_is_a_clear_error(tmp_path):
    with pytest.raises(ConfigError, match="it is a folder"):
        load_config(tmp_path, known_providers=KNOWN)


def test_a_file_that_may_not_be_read_is_a_clear_error(tmp_path):
    path = tmp_path / "llmhub.yaml"
    path.write_text(EXAMPLE)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file, so nothing can be forbidden")
    with pytest.raises(ConfigError, match="permission denied"):
        load_config(path, known_providers=KNOWN)


def test_a_path_below_a_file_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match=r"cannot read .*: not a directory"):
        load_config(tmp_path / "file" / "llmhub.yaml", known_providers=KNOWN)


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        (b"project: p\nenv: caf" + b"\xe9\n", 2, 9, "0xe9 is not UTF-8"),
        ("é: x".encode() + b"\xff", 1, 5, "0xff is not UTF-8"),
        ("project: p\n".encode("utf-16"), 1, 1, "UTF-16"),
    ],
)
def test_a_file_that_is_not_utf_8_is_told_with_the_place(tmp_path, content, line, column, words):
    path = tmp_path / "llmhub.yaml"
    path.write_bytes(content)
    with pytest.raises(InvalidFileError) as caught:
        load_config(path, known_providers=KNOWN)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (line, column)
    assert words in problem.message


@pytest.mark.parametrize(
    "text",
    [
        f"project: {SECRET}\n",
        f"project: p\nproviders: {{{SECRET}: {{api_base: 'http://h/v1'}}}}\n",
        "project: p\nproviders: {x: {api_base: 'keeper:hunter2-secret@host/v1'}}\n",
        f"project: p\nproviders: {{x: {{api_base: 'https://host/v1/{SECRET}/chat'}}}}\n",
        f"project: p\nroles: {{{SECRET}: {{provider: openai, model: 8}}}}\n",
        f"project: p\nroles: {{r: {{provider: openai, model: '{SECRET}'}}}}\n",
        f"project: p\nroles: {{r: {{provider: '{SECRET}', model: m}}}}\n",
        f"project: p\nroles: {{r: {{provider: openai, model: m, reason: 'with {SECRET}'}}}}\n",
        f"project: p\nroles: {{r: {{provider: openai, model: m, params: {{deep: [{{er: '{SECRET}'}}]}}}}}}\n",
        f"project: p\nbudgets: {{b: {{limit: 1, webhook_env: '{SECRET}'}}}}\n",
        "project: p\nbudgets: {b: {limit: 1, webhook_env: 'https://hooks.example/services/hunter2-secret'}}\n",
        f"project: p\nx-note: {SECRET}\n",
        f"project: p\n{SECRET}: 1\n{SECRET}: 2\n",
        f"project: p\nx: *{SECRET}\n",
        f"project: !{SECRET} p\n",
        f"project: p\nroles: {{r: {{provider: openai, model: m, params: {{a: &{SECRET} {{b: *{SECRET}}}}}}}}}\n",
    ],
)
def test_a_key_in_any_other_place_is_refused_and_never_shown(read_config, problems_of, text):
    problems = problems_of(read_config, text)
    assert problems
    for problem in problems:
        assert SECRET not in f"{problem} {problem!r}"
        assert "hunter2" not in f"{problem} {problem!r}"


@pytest.mark.parametrize(
    "value",
    [
        "sk-learn-pipeline-model",
        "hf-internal-testing/tiny-random-llama",
        "qwen3-32b-instruct-2507",
        "claude-3-5-20241022",
    ],
)
def test_the_name_of_a_model_is_no_key(read_config, value):
    config = read_config(f"project: p\nroles: {{r: {{provider: openai, model: '{value}'}}}}\n")
    assert config.roles["r"].model == value
