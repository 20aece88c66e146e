"""What it costs or gains to have one model in place of another. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from llmhub.generate.changes import RoleChange
from llmhub.records.measures import blended_price, measures
from llmhub.records.model import CanonicalModel

__all__ = ["Effect", "effects_of"]


@frozen(kw_only=True)
class Mix:
    """How a role's tokens are divided: so many of input to one of output, and where that figure is from."""

    input_per_output: float
    source: str


@frozen(kw_only=True)
class Traffic:
    """What a role was called for in the last `days`, as a ledger has it."""

    calls: int
    input_tokens: int
    output_tokens: int
    days: int

    @property
    def mix(self) -> Mix | None:
        """How its tokens were divided; `None` where none came out, or none went in."""
        if self.input_tokens <= 0 or self.output_tokens <= 0:
            return None
        return Mix(input_per_output=self.input_tokens / self.output_tokens, source=f"the ledger, last {self.days} days")

    def cost(self, standing: Standing) -> float | None:
        """What these tokens cost at the prices of a model, in US dollars; `None` when a price is not known.

        List prices: without discounts for cached or very long prompts.
        """
        if standing.price_input is None or (self.output_tokens and standing.price_output is None):
            return None
        output = self.output_tokens * (standing.price_output or 0.0)
        return (self.input_tokens * standing.price_input + output) / 1_000_000


@frozen(kw_only=True)
class Standing:
    """What can be compared of a model; `None` is unknown. Prices in US dollars per million tokens.

    `blended` is the price at the role's own mix. `rating` is the lower bound of the overall score.
    """

    model: str
    price_input: float | None = None
    price_output: float | None = None
    blended: float | None = None
    rating: float | None = None
    context_tokens: int | None = None
    capabilities: tuple[str, ...] = ()
    known: bool = True


@frozen(kw_only=True)
class Effect:
    """One model in place of another; each `None` where there was, or is, none."""

    before: Standing | None
    after: Standing | None

    @property
    def gained(self) -> tuple[str, ...]:
        """What only the later model is known to do; nothing when one of the two is not in the catalog."""
        return _beyond(self.after, self.before)

    @property
    def lost(self) -> tuple[str, ...]:
        """What only the former model is known to do."""
        return _beyond(self.before, self.after)

    @property
    def saving(self) -> float | None:
        """How much less the later one costs: 0.25 for a quarter less, negative for more; `None` when not known."""
        if self.before is None or self.after is None or not self.before.blended or self.after.blended is None:
            return None
        return 1 - self.after.blended / self.before.blended

    @property
    def gain(self) -> float | None:
        """By how many points of rating the later one is better; `None` when one of them is not rated."""
        if self.before is None or self.after is None or self.before.rating is None or self.after.rating is None:
            return None
        return self.after.rating - self.before.rating


def standing(canonical_id: str, model: CanonicalModel | None, mix: Mix) -> Standing:
    """How *model*, called *canonical_id*, stands; `model` is `None` when the catalog does not know it."""
    if model is None:
        return Standing(model=canonical_id, known=False)
    priced = model.price_state == "known"
    return Standing(
        model=canonical_id,
        price_input=model.price_input_per_million if priced else None,
        price_output=model.price_output_per_million if priced else None,
        blended=_blended(model, mix),
        rating=_rating(model),
        context_tokens=model.context_tokens,
        capabilities=capabilities(model),
    )


def effects_of(
    changes: Sequence[RoleChange], models: Mapping[str, CanonicalModel], price_ratio: float
) -> list[tuple[RoleChange, Effect | None]]:
    """Each change with its effect; `None` where the model stays."""
    mix = Mix(input_per_output=price_ratio, source="catalog.price_ratio")

    def stands(canonical_id: str | None) -> Standing | None:
        return standing(canonical_id, models.get(canonical_id), mix) if canonical_id else None

    return [
        (
            change,
            Effect(before=stands(change.before), after=stands(change.after)) if change.before != change.after else None,
        )
        for change in changes
    ]


def capabilities(model: CanonicalModel) -> tuple[str, ...]:
    """What *model* is known to do, in the words of the spec's `needs`."""
    stated = {
        "tools": model.supports_tool_call,
        "structured_output": model.supports_structured_output,
        "reasoning": model.supports_reasoning,
        "vision": "image" in model.input_modalities,
        "pdf": "pdf" in model.input_modalities,
        "audio": "audio" in model.input_modalities,
    }
    return tuple(name for name, able in stated.items() if able)


def _blended(model: CanonicalModel, mix: Mix) -> float | None:
    if "embedding" in model.tags:  # an embedding puts out no tokens
        return model.price_input_per_million if model.price_state == "known" else None
    return blended_price(model, mix.input_per_output)


def _rating(model: CanonicalModel) -> float | None:
    overall = measures(model, 1.0).get("overall")
    if overall is not None:
        return overall
    return model.arena_score if model.arena_ci_low is None else model.arena_ci_low


def _beyond(one: Standing | None, other: Standing | None) -> tuple[str, ...]:
    if one is None or other is None or not one.known or not other.known:
        return ()
    return tuple(name for name in one.capabilities if name not in other.capabilities)
