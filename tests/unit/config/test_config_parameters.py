"""A parameter that a file says a model refuses is one that exists, or at least no slip of one."""

import pytest

from llmhub.anyllm.acceptance import DROPPABLE, _anywhere
from llmhub.anyllm.operations import OPERATIONS
from llmhub.config.load import load_config, structure_config
from llmhub.config.parameters import NAMES, meant
from llmhub.errors import InvalidFileError


def test_every_parameter_that_any_llm_and_the_sdks_name_is_known():
    assert set().union(DROPPABLE, *(_anywhere(method) for method in OPERATIONS)) - NAMES == set()


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("temprature", "temperature"),
        ("temperatur", "temperature"),
        ("tempreature", "temperature"),
        ("Temperature", "temperature"),
        ("topP", "top_p"),
        ("top-p", "top_p"),
        ("tool", "tools"),
        ("max_token", "max_tokens"),
        ("maxOutputTokens", "max_output_tokens"),
        ("reasoning_efort", "reasoning_effort"),
        ("response_formt", "response_format"),
    ],
)
def test_a_slip_is_told_with_the_name_that_was_meant(written, right):
    assert meant(written) == right


@pytest.mark.parametrize(
    "name", ["temperature", "top_a", "min_p", "num_gpu", "enable_thinking", "keep_alive", "guidance", "mirostat", "x"]
)
def test_a_word_of_a_single_provider_is_no_slip(name):
    assert meant(name) is None


def test_a_slip_in_refuses_is_a_problem_with_its_place_wherever_it_stands(tmp_path):
    file = tmp_path / "llmhub.yaml"
    file.write_text(
        "project: p\n"
        "roles:\n"
        "  chat:\n"
        "    provider: openai\n"
        "    model: m\n"
        "    refuses: [temperature, temprature]\n"
        "    fallbacks:\n"
        "      - {provider: openai, model: n, refuses: [topP, ' ', my_own_word]}\n"
    )
    with pytest.raises(InvalidFileError) as refused:
        load_config(file, known_providers={"openai"})
    assert [(one.line, one.column, one.path, one.suggestion) for one in refused.value.problems] == [
        (6, 28, "roles.chat.refuses.1", "temperature"),
        (8, 48, "roles.chat.fallbacks.0.refuses.0", "top_p"),
        (8, 54, "roles.chat.fallbacks.0.refuses.1", None),
    ]
    assert "Did you mean 'temperature'?" in str(refused.value)


def test_a_variant_is_looked_at_too():
    role = {"provider": "openai", "model": "m", "variants": [{"name": "a", "weight": 1, "refuses": ["sede"]}]}
    with pytest.raises(InvalidFileError, match="seed"):
        structure_config({"project": "p", "roles": {"chat": role}}, known_providers={"openai"})
