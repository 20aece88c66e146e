"""The rates that the package genai-prices publishes (MIT, kept by Pydantic). The only home of it in this room.

It finds a model by patterns, and some take in models of other prices: its answer counts only where it names the id in
full, or where both names are known to mean the same model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from llmhub.spend.rates import Rates, TokenRates

PROVIDERS: Mapping[str, str] = {
    "anthropic": "anthropic",
    "azure": "azure",
    "azureanthropic": "azure",
    "azureopenai": "azure",
    "bedrock": "aws",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "databricks": "databricks",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "gemini": "google",
    "groq": "groq",
    "llama": "meta",
    "meta": "meta",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshot": "moonshotai",
    "openai": "openai",
    "openrouter": "openrouter",
    "ovhcloud": "ovhcloud",
    "perplexity": "perplexity",
    "together": "together",
    "vertexai": "google",
    "vertexaianthropic": "google",
    "voyage": "voyageai",
    "xai": "x-ai",
    "zai": "zai",
}
"""any-llm's name of a provider to the one under which genai-prices lists what it charges."""

SameModel = Callable[[str, str], bool]
"""Whether two names are known to mean the same model."""


_REGION = re.compile(r"^(us|eu|apac|au|jp|ca)\.")


class PublishedRates:
    """Looks rates up in the data that ships with the installed package; it is never asked to fetch newer ones."""

    def __init__(self, same_model: SameModel) -> None:
        self._same_model = same_model
        self._models: dict[tuple[str, str], Any] = {}
        self._rates: dict[int, tuple[Any, Rates | None]] = {}

    def find(self, provider: str, model: str, at: datetime) -> Rates | None:
        """The rates of *model* at the time *at*; `None` where none are published for exactly this model."""
        key = (provider, model)
        if key not in self._models:
            self._models[key] = self._match(provider, model)
        matched = self._models[key]
        return None if matched is None else self._read(matched, at)

    def _match(self, provider: str, model: str) -> Any:
        listed_under = PROVIDERS.get(provider)
        if listed_under is None:
            return None
        # 0.2 s at its first import: a matter of the ledger's thread, never of start-up.
        from genai_prices.data_snapshot import get_snapshot

        name = model.removeprefix("models/")
        try:
            _, matched = get_snapshot().find_provider_model(name, None, listed_under, None)
        except LookupError:
            return None
        # Bedrock charges the same in every region, and more than for its `global.` profiles, which are listed apart.
        plain, own_id = _REGION.sub("regional.", name.lower()), matched.id.lower()
        exact = {own_id, *(str(named).lower() for named in _named(matched.match))}
        return matched if name.lower() in exact or plain == own_id or self._same_model(name, matched.id) else None

    def _read(self, matched: Any, at: datetime) -> Rates | None:
        """The rates in force; some hold from a day on, some for hours of the day."""
        price = matched.get_prices(at)
        known = self._rates.get(id(price))
        if known is None:
            # The price itself is kept with what was read from it, so that its id stays its own.
            known = self._rates[id(price)] = (price, _rates(price))
        return known[1]


_KEYS: Mapping[str, str] = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cache_read": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "cache_write_long": "cache_write_1h_mtok",
    "reasoning": "output_reasoning_mtok",
    "input_audio": "input_audio_mtok",
    "output_audio": "output_audio_mtok",
}

_BESIDE_TOKENS: Mapping[str, str] = {
    "requests_kcount": "each request",
    "input_image_mtok": "pictures",
    "output_image_mtok": "pictures",
    "input_video_mtok": "videos",
    "output_citation_mtok": "citations",
}
"""What no usage that reaches us counts. Searches are not here: they are paid only where a call asks for them."""


def _rates(price: Any) -> Rates | None:
    stated = {kind: getattr(price, key, None) for kind, key in _KEYS.items()}
    base = {kind: _decimal(getattr(value, "base", value)) for kind, value in stated.items()}
    if base["input"] is None and base["output"] is None:
        return None
    tiers: dict[int, dict[str, Decimal]] = {}
    for kind, value in stated.items():
        for tier in getattr(value, "tiers", ()):
            tiers.setdefault(int(tier.start), {})[kind] = Decimal(tier.price)
    return Rates(
        source="genai_prices",
        base=TokenRates(**base),
        tiers=tuple((above, TokenRates(**rates)) for above, rates in sorted(tiers.items())),
        beside_tokens=tuple(name for key, name in _BESIDE_TOKENS.items() if getattr(price, key, None)),
    )


def _named(clause: Any) -> Iterator[str]:
    """The ids that a clause names in full."""
    if (exact := getattr(clause, "equals", None)) is not None:
        yield str(exact)
    for one in getattr(clause, "or_", ()):
        yield from _named(one)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
