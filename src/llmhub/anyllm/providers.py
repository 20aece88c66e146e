"""The providers any-llm 1.40 knows, as a table: reading it imports nothing.

A test holds each row against the installed any-llm, so a release that renames a variable is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import frozen

__all__ = ["DEFAULT_ENV_KEYS", "PROVIDER_NAMES"]

Wire = Literal["openai", "anthropic", "own"]
"""Which SDK any-llm talks through. The first two let us hand in an HTTP client, and with it a shared TLS context."""

BaseArgument = Literal["base_url", "api_host"]


@frozen
class ProviderFacts:
    """What must be known of a provider before any_llm is imported.

    `env_keys`: the variables any-llm looks into for the key, first match wins; empty when it needs no key or finds its
    credentials by itself. `needs_extra`: `pip install llmhub` alone cannot call it. `base_argument`: this provider's
    class drops `api_base` without a word, so keys meant for a proxy would go to the public host; the SDK's own
    constructor argument of this name is honoured. `base_variable`: the variable any-llm documents for `api_base`.
    `two_clients`: its class makes a client of each SDK from the same arguments, so it can be handed no HTTP client,
    which would be one SDK's alone.
    """

    env_keys: tuple[str, ...] = ()
    wire: Wire = "openai"
    needs_extra: bool = False
    base_argument: BaseArgument | None = None
    base_variable: str | None = None
    two_clients: bool = False


def _key(*env_keys: str) -> ProviderFacts:
    return ProviderFacts(env_keys)


def _extra(
    *env_keys: str,
    wire: Wire = "own",
    base_argument: BaseArgument | None = None,
    base_variable: str | None = None,
) -> ProviderFacts:
    return ProviderFacts(env_keys, wire, needs_extra=True, base_argument=base_argument, base_variable=base_variable)


PROVIDERS: Mapping[str, ProviderFacts] = {
    "anthropic": ProviderFacts(("ANTHROPIC_API_KEY",), "anthropic"),
    "atlascloud": _key("ATLASCLOUD_API_KEY"),
    "azure": _extra("AZURE_API_KEY"),
    "azureanthropic": ProviderFacts(("AZURE_ANTHROPIC_API_KEY",), "anthropic"),
    # Also reached with AZURE_OPENAI_AD_TOKEN; any-llm sorts that out, so no key is demanded here.
    "azureopenai": ProviderFacts(("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN")),
    # The boto3 credential chain serves when the token is absent.
    "bedrock": _extra(),
    "cascadia": ProviderFacts(),
    "cerebras": _extra("CEREBRAS_API_KEY", base_argument="base_url", base_variable="CEREBRAS_API_BASE"),
    "cohere": _extra("COHERE_API_KEY", base_argument="base_url", base_variable="COHERE_BASE_URL"),
    "dashscope": _key("DASHSCOPE_API_KEY"),
    "databricks": _key("DATABRICKS_TOKEN"),
    "deepinfra": _key("DEEPINFRA_API_KEY"),
    "deepseek": ProviderFacts(("DEEPSEEK_API_KEY",), two_clients=True),
    "edenai": _key("EDENAI_API_KEY"),
    "fireworks": _extra("FIREWORKS_API_KEY"),
    "gemini": _extra("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "github": _key("GITHUB_TOKEN"),
    "gmi": _key("GMI_API_KEY"),
    "groq": _extra("GROQ_API_KEY", base_argument="base_url", base_variable="GROQ_BASE_URL"),
    "huggingface": _extra("HF_TOKEN"),
    "inception": _key("INCEPTION_API_KEY"),
    "kenari": _key("KENARI_API_KEY"),
    "liner": ProviderFacts(("LINER_API_KEY",), "own"),
    "llama": _key("LLAMA_API_KEY"),
    "llamacpp": ProviderFacts(),
    "llamafile": ProviderFacts(),
    "lmstudio": _extra(),
    "meta": ProviderFacts(("MODEL_API_KEY",), two_clients=True),
    "minimax": _key("MINIMAX_API_KEY"),
    "mistral": _extra("MISTRAL_API_KEY"),
    "moonshot": _key("MOONSHOT_API_KEY"),
    "mzai": _key("ANY_LLM_KEY"),
    "nebius": _key("NEBIUS_API_KEY"),
    "neosantara": _key("NEOSANTARA_API_KEY"),
    "ollama": _extra(),
    "openai": _key("OPENAI_API_KEY"),
    "openrouter": _key("OPENROUTER_API_KEY"),
    "otari": _extra("OTARI_API_KEY", "OTARI_AI_TOKEN"),
    "ovhcloud": _key("OVHCLOUD_API_KEY"),
    "perplexity": _key("PERPLEXITY_API_KEY"),
    "portkey": _key("PORTKEY_API_KEY"),
    "qiniu": _key("QINIU_API_KEY"),
    "requesty": _key("REQUESTY_API_KEY"),
    "sagemaker": _extra(),
    "sambanova": _key("SAMBANOVA_API_KEY"),
    "telnyx": _key("TELNYX_API_KEY"),
    "together": _extra("TOGETHER_API_KEY"),
    "typesafe": _extra("TYPESAFE_API_KEY"),
    # Google's application default credentials.
    "vertexai": _extra(),
    "vertexaianthropic": ProviderFacts(
        (), "anthropic", needs_extra=True, base_argument="base_url", base_variable="VERTEXAI_ANTHROPIC_API_BASE"
    ),
    "vllm": ProviderFacts(),
    "voyage": _extra("VOYAGE_API_KEY", base_argument="base_url", base_variable="VOYAGE_API_BASE"),
    "watsonx": _extra("WATSONX_API_KEY"),
    "xai": _extra("XAI_API_KEY", base_argument="api_host", base_variable="XAI_API_BASE"),
    "zai": _key("ZAI_API_KEY"),
}

PROVIDER_NAMES: tuple[str, ...] = tuple(PROVIDERS)

DEFAULT_ENV_KEYS: Mapping[str, tuple[str, ...]] = {
    name: facts.env_keys for name, facts in PROVIDERS.items() if facts.env_keys
}
"""Provider name to the variables that may hold its key, for providers that cannot be called without one."""
