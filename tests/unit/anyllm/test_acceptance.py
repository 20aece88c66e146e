"""Which parameters each provider takes, held against the installed any-llm and SDKs."""

import pytest
from any_llm import AnyLLM

from llmhub.anyllm.acceptance import DROPPABLE, check, fit, spare
from llmhub.anyllm.endpoints import endpoint
from llmhub.anyllm.providers import PROVIDERS
from llmhub.errors import InvalidRequestError, UnsupportedError
from llmhub.records.calls import Target

PORTABLE = {
    "temperature": 0.5,
    "top_p": 0.9,
    "max_tokens": 10,
    "stop": ["x"],
    "tools": [],
    "tool_choice": "auto",
    "reasoning_effort": "low",
}
WITHOUT_EXTRA = [name for name, facts in PROVIDERS.items() if not facts.needs_extra]


def client_of(provider: str):
    """A client that was never connected: its class is all that is asked."""
    return object.__new__(AnyLLM.get_provider_class(provider))


@pytest.mark.parametrize("provider", WITHOUT_EXTRA)
def test_every_provider_takes_what_all_are_said_to_take(provider):
    check(endpoint(provider, None), client_of(provider), "completion", PORTABLE)


@pytest.mark.parametrize("provider", WITHOUT_EXTRA)
def test_no_provider_takes_a_word_that_nobody_knows(provider):
    if provider == "liner":
        pytest.skip("liner speaks through an SDK of its own, which cannot be asked")
    with pytest.raises(InvalidRequestError, match="'temperatura' \\(did you mean 'temperature'"):
        check(endpoint(provider, None), client_of(provider), "completion", {"temperatura": 1})


@pytest.mark.parametrize(
    ("provider", "method", "params"),
    [
        ("openai", "completion", {"verbosity": "low", "web_search_options": {}, "extra_body": {"x": 1}}),
        ("anthropic", "completion", {"top_k": 5, "thinking": {"type": "disabled"}, "metadata": {}}),
        ("requesty", "completion", {"reasoning": {"effort": "low"}}),
        ("openai", "embedding", {"dimensions": 8, "user": "u"}),
        ("openai", "responses", {"max_output_tokens": 8, "store": False, "truncation": "auto"}),
        ("openai", "messages", {"max_tokens": 8, "system": "s", "stop_sequences": ["x"]}),
        ("openai", "image", {"n": 2, "size": "1024x1024", "background": "transparent"}),
        ("openai", "speech", {"voice": "alloy", "speed": 2.0}),
        ("openai", "transcription", {"language": "en", "filename": "a.wav", "chunking_strategy": "auto"}),
        ("openai", "moderation", {"include_raw": True}),
    ],
)
def test_what_the_sdk_below_names_is_taken(provider, method, params):
    check(endpoint(provider, None), client_of(provider), method, params)


@pytest.mark.parametrize(
    ("provider", "params"),
    [
        ("anthropic", {"seed": 1}),
        ("anthropic", {"prompt_cache_key": "k"}),
        ("minimax", {"response_format": {"type": "json_object"}}),
    ],
)
def test_what_a_provider_is_known_to_refuse_is_told_as_its_refusal(provider, params):
    (name,) = params
    with pytest.raises(UnsupportedError, match=f"{provider} does not take '{name}'"):
        check(endpoint(provider, None), client_of(provider), "completion", params)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(InvalidRequestError, match=r"'temprature'.*'max_tokns'"):
        check(endpoint("openai", None), client_of("openai"), "completion", {"temprature": 1, "max_tokns": 2})


def test_a_fallback_goes_without_what_only_steers_and_says_so():
    fitted = fit(endpoint("anthropic", None), client_of("anthropic"), "completion", {"seed": 1, "top_p": 1}, ())
    assert fitted == ({"top_p": 1}, ("seed left out: anthropic does not take it",))


def test_what_the_file_itself_asks_of_a_fallback_is_not_left_out():
    with pytest.raises(UnsupportedError, match="'seed'"):
        fit(endpoint("anthropic", None), client_of("anthropic"), "completion", {"seed": 1}, {"seed": 1})


def test_what_a_model_refuses_is_left_out_where_the_call_can_do_without():
    target = Target(provider="openai", model="m", mode="chat", refuses=("temperature", "reasoning_effort", "tools"))
    params = {"temperature": 0, "top_p": 1, "reasoning_effort": "low"}
    assert spare(target, params) == (
        {"top_p": 1},
        ("temperature left out: m does not take it", "reasoning_effort left out: m does not take it"),
    )
    assert spare(target, {"top_p": 1}) == ({"top_p": 1}, ())
    with pytest.raises(UnsupportedError, match="the model does not take 'tools'"):
        spare(target, {**params, "tools": [{}]})


@pytest.mark.parametrize("name", ["tools", "tool_choice", "response_format", "n", "logprobs", "max_tokens", "voice"])
def test_what_an_answer_is_made_of_can_never_be_left_out(name):
    assert name not in DROPPABLE
