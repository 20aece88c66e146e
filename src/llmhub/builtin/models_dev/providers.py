"""Which any-llm providers call the models that models.dev lists under its own provider ids."""

from __future__ import annotations

from collections.abc import Mapping

ANY_LLM_PROVIDERS: Mapping[str, tuple[str, ...]] = {
    # Where two of models.dev's ids stand for one any-llm provider (alibaba, zhipuai, -cn, -coding-plan), the one whose
    # address is any-llm's default counts: prices and models differ by address.
    "alibaba-cn": ("dashscope",),
    "amazon-bedrock": ("bedrock",),
    "anthropic": ("anthropic",),
    "azure": ("azure", "azureanthropic", "azureopenai"),
    "cerebras": ("cerebras",),
    "cohere": ("cohere",),
    "databricks": ("databricks",),
    "deepinfra": ("deepinfra",),
    "deepseek": ("deepseek",),
    "fireworks-ai": ("fireworks",),
    "github-models": ("github",),
    "gmicloud": ("gmi",),
    "google": ("gemini",),
    "google-vertex": ("vertexai",),
    "google-vertex-anthropic": ("vertexaianthropic",),
    "groq": ("groq",),
    "huggingface": ("huggingface",),
    "inception": ("inception",),
    "llama": ("llama",),
    "lmstudio": ("lmstudio",),
    "minimax": ("minimax",),
    "mistral": ("mistral",),
    "moonshotai": ("moonshot",),
    "nebius": ("nebius",),
    "openai": ("openai",),
    "openrouter": ("openrouter",),
    "ovhcloud": ("ovhcloud",),
    "perplexity": ("perplexity",),
    "qiniu-ai": ("qiniu",),
    "requesty": ("requesty",),
    "togetherai": ("together",),
    "xai": ("xai",),
    "zai": ("zai",),
}


def any_llm_providers(provider: str, model_id: str) -> tuple[str, ...]:
    """The any-llm providers that call *model_id* of models.dev's *provider*; none when any-llm cannot."""
    return tuple(name for name in ANY_LLM_PROVIDERS.get(provider, ()) if _speaks_anthropic(name, model_id))


def _speaks_anthropic(name: str, model_id: str) -> bool:
    """Azure and Vertex AI serve Claude over Anthropic's own protocol, which is a provider of its own in any-llm."""
    if name == "azureanthropic":
        return model_id.startswith("claude-")
    return name not in ("azure", "azureopenai", "vertexai") or not model_id.startswith("claude-")
