"""The table of providers says what the installed any-llm says."""

import pytest
from any_llm import AnyLLM
from any_llm.providers.anthropic.base import BaseAnthropicProvider
from any_llm.providers.openai.base import BaseOpenAIProvider

from llmhub.anyllm.providers import PROVIDERS

FINDS_CREDENTIALS_BY_ITSELF = {"bedrock", "sagemaker", "vertexai", "vertexaianthropic"}
ALSO_WITHOUT_A_KEY = {"cascadia", "llamacpp", "llamafile", "lmstudio", "ollama", "vllm"}


def provider_class(name: str) -> type[AnyLLM]:
    try:
        return AnyLLM.get_provider_class(name)
    except ImportError as error:
        # gemini and vertexai import google-genai unguarded, so their class cannot be read without the extra.
        pytest.skip(f"{name}: {error}")


def test_every_provider_of_any_llm_stands_in_the_table():
    assert set(PROVIDERS) == set(AnyLLM.get_supported_providers())


@pytest.mark.parametrize("name", sorted(set(PROVIDERS) - FINDS_CREDENTIALS_BY_ITSELF - ALSO_WITHOUT_A_KEY))
def test_the_key_is_looked_for_where_any_llm_looks_for_it(name):
    told = provider_class(name).ENV_API_KEY_NAME
    assert PROVIDERS[name].env_keys[0] in told.split("/")


@pytest.mark.parametrize("name", sorted(FINDS_CREDENTIALS_BY_ITSELF | ALSO_WITHOUT_A_KEY))
def test_no_key_is_demanded_where_none_is_needed(name):
    assert PROVIDERS[name].env_keys == ()


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_only_providers_on_a_known_sdk_are_handed_an_http_client(name):
    wire = PROVIDERS[name].wire
    if wire == "own":
        return
    base = {"openai": BaseOpenAIProvider, "anthropic": BaseAnthropicProvider}[wire]
    assert issubclass(provider_class(name), base)


@pytest.mark.parametrize("name", sorted(name for name, facts in PROVIDERS.items() if not facts.needs_extra))
def test_a_provider_said_to_need_no_extra_loads_on_a_bare_install(name):
    assert provider_class(name).MISSING_PACKAGES_ERROR is None
