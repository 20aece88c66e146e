"""What contracts hold plugins against, where an author gives nothing else: models, statistics, a spec, targets."""

from __future__ import annotations

from typing import Final

from llmhub.records.calls import CallContext, Target
from llmhub.records.model import CanonicalModel, CatalogStatistics, Price, Provenance, Score
from llmhub.records.spec import HubSpec, Preferences, ProviderSpec, RoleSpec, SpecDefaults


def _chat(model_id: str, provider: str, price: tuple[float, float], rating: float) -> CanonicalModel:
    return CanonicalModel(
        canonical_id=f"{provider}:{model_id}",
        provider=provider,
        model_id=model_id,
        family=model_id.partition("-")[0],
        display_name=model_id,
        cost_tier=2,
        quality_tier=2,
        reasoning_tier=2,
        creative_tier=3,
        arena_score=rating,
        arena_ci_low=rating - 5,
        arena_ci_high=rating + 5,
        price_state="known",
        price_input_per_million=price[0],
        price_output_per_million=price[1],
        price=Price(input=price[0], output=price[1]),
        context_tokens=128_000,
        max_input_tokens=128_000,
        max_output_tokens=16_000,
        supports_tool_call=True,
        supports_structured_output=True,
        supports_temperature=True,
        input_modalities=("text", "image"),
        output_modalities=("text",),
        release_date="2026-01-15",
        open_weights=False,
        tags=("tools", "structured-output", "vision"),
        scores=tuple(
            Score(board="text", category=category, rating=rating, low=rating - 5, high=rating + 5, votes=5_000)
            for category in ("overall", "math", "hard_prompts", "expert", "creative_writing")
        ),
        provenance=(
            Provenance(field="price", source="sample", as_of="2026-01-15"),
            Provenance(field="scores", source="sample", as_of="2026-01-15"),
        ),
    )


BARE: Final = CanonicalModel(canonical_id="openai:unheard-of", provider="openai", model_id="unheard-of")
"""A model of which nothing is known but its name."""

MODELS: Final = (
    _chat("gpt-4o", "openai", (2.5, 10.0), 1400.0),
    _chat("gpt-4o-mini", "openai", (0.15, 0.6), 1310.0),
    _chat("claude-sonnet-4-5", "anthropic", (3.0, 15.0), 1450.0),
    _chat("mistral-large-2411", "mistral", (2.0, 6.0), 1320.0),
    CanonicalModel(
        canonical_id="openai:text-embedding-3-small",
        provider="openai",
        model_id="text-embedding-3-small",
        price_state="known",
        price_input_per_million=0.02,
        price_output_per_million=0.0,
        price=Price(input=0.02, output=0.0),
        context_tokens=8_191,
        input_modalities=("text",),
        output_modalities=("text",),
        tags=("embedding",),
    ),
    BARE,
)
"""Four chat models of three providers, an embedding model, and one of which nothing is known."""

_CUTS: Final = (1250.0, 1320.0, 1380.0, 1430.0)

STATISTICS: Final = CatalogStatistics(
    quantiles={
        "blended_price": (0.2, 0.8, 2.5, 6.0),
        "overall": _CUTS,
        "math": _CUTS,
        "hard_prompts": _CUTS,
        "expert": _CUTS,
        "reasoning": _CUTS,
        "creative_writing": _CUTS,
    }
)

SPEC: Final = HubSpec(
    project="contract",
    providers={"openai": ProviderSpec(), "anthropic": ProviderSpec()},
    roles={
        "llm.cheap": RoleSpec(kind="chat", description="Short answers", preferences=Preferences(cost="low")),
        "llm.good": RoleSpec(
            kind="chat", description="Good answers", preferences=Preferences(quality="high"), fallbacks=1
        ),
        "llm.vectors": RoleSpec(kind="embedding", description="Vectors of texts"),
    },
    defaults=SpecDefaults(providers=("openai", "anthropic")),
)
"""Two chat roles and one for embeddings, of two providers that are allowed out of the three in `MODELS`."""

TARGETS: Final = (
    Target(provider="openai", model="gpt-4o", mode="chat", params={"temperature": 0.2}),
    Target(provider="openai", model="gpt-4o-mini", mode="chat"),
    Target(provider="anthropic", model="claude-sonnet-4-5", mode="chat", params={"max_tokens": 512}),
)


def a_call(call_id: str = "call-1", target: Target = TARGETS[0], sticky_key: str | None = None) -> CallContext:
    """A chat call as it is before its first attempt."""
    return CallContext(
        call_id=call_id,
        role="llm.good",
        provider=target.provider,
        model=target.model,
        mode="chat",
        method="completion",
        input=[{"role": "user", "content": "Hello"}],
        params=dict(target.params),
        project="contract",
        environment="dev",
        sticky_key=sticky_key,
        variant=target.variant,
    )
