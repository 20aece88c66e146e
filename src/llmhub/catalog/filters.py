"""Picks and orders models by what is known of them. What is unknown satisfies no limit and stands last. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attrs import field, frozen

from llmhub.errors import CatalogError, nearest
from llmhub.records.measures import blended_price
from llmhub.records.model import CanonicalModel


def _names(stated: str | Iterable[str] | None) -> frozenset[str]:
    if stated is None:
        return frozenset()
    return frozenset({stated} if isinstance(stated, str) else stated)


@frozen(kw_only=True)
class ModelFilter:
    """What a model must have. An empty filter lets every model pass.

    `provider` and `tags` take one name or several: one of the providers, all of the tags. `max_price` is the blended
    price in US dollars per million tokens, `min_context` the window in tokens.
    """

    provider: frozenset[str] = field(default=None, converter=_names)
    tags: frozenset[str] = field(default=None, converter=_names)
    max_price: float | None = None
    min_context: int | None = None

    def admits(self, model: CanonicalModel, price_ratio: float) -> bool:
        """Whether *model* is known to have all that is asked. A model included in a plan has no price to compare."""
        if self.provider and model.provider not in self.provider:
            return False
        if not self.tags <= set(model.tags):
            return False
        if self.min_context is not None and (model.context_tokens or 0) < self.min_context:
            return False
        if self.max_price is None:
            return True
        price = blended_price(model, price_ratio)
        return price is not None and price <= self.max_price


def sort_models(models: Iterable[CanonicalModel], by: str, price_ratio: float) -> tuple[CanonicalModel, ...]:
    """The models in the order *by*: one of `SORTS`. Equals stand in the order of their ids.

    Raises:
        CatalogError: there is no such order.
    """
    if by not in SORTS:
        close = nearest(by, tuple(SORTS))
        hint = f" Did you mean {close!r}?" if close else ""
        raise CatalogError(f"models cannot be sorted by {by!r}.{hint} There are: {', '.join(SORTS)}.")
    measure = SORTS[by]

    def place(model: CanonicalModel) -> tuple[bool, float, str]:
        value = measure(model, price_ratio)
        return value is None, value or 0.0, model.canonical_id

    return tuple(sorted(models, key=place))


def _release(model: CanonicalModel, _: float) -> float | None:
    digits = (model.release_date or "").replace("-", "")
    return -float(digits.ljust(8, "0")) if digits.isdigit() else None


def _category(name: str) -> Callable[[CanonicalModel, float], float | None]:
    def measure(model: CanonicalModel, price_ratio: float) -> float | None:
        from llmhub.records.measures import measures

        value = measures(model, price_ratio).get(name)
        return None if value is None else -value

    return measure


SORTS: Mapping[str, Callable[[CanonicalModel, float], float | None]] = {
    "model": lambda model, _: 0.0,
    "price": blended_price,
    "context": lambda model, _: -model.context_tokens if model.context_tokens is not None else None,
    "quality": _category("overall"),
    "reasoning": _category("reasoning"),
    "creative": _category("creative_writing"),
    "coding": _category("coding"),
    "released": _release,
}
"""Name of an order to what it compares, the smallest first: cheap before dear, good before poor, new before old."""
