"""Which any-llm providers charge the prices that genai-prices lists under its own provider ids."""

from __future__ import annotations

from collections.abc import Mapping

ANY_LLM_PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "anthropic": ("anthropic",),
    "aws": ("bedrock",),
    "azure": ("azure", "azureanthropic", "azureopenai"),
    "cerebras": ("cerebras",),
    "cohere": ("cohere",),
    "databricks": ("databricks",),
    "deepseek": ("deepseek",),
    "fireworks": ("fireworks",),
    "google": ("gemini", "vertexai", "vertexaianthropic"),
    "groq": ("groq",),
    "meta": ("llama", "meta"),
    "minimax": ("minimax",),
    "mistral": ("mistral",),
    "moonshotai": ("moonshot",),
    "openai": ("openai",),
    "openrouter": ("openrouter",),
    "ovhcloud": ("ovhcloud",),
    "perplexity": ("perplexity",),
    "together": ("together",),
    "typesafe": ("typesafe",),
    "voyageai": ("voyage",),
    "x-ai": ("xai",),
    "zai": ("zai",),
}
