"""Product lines: which models are generations of one another, which came after which, and how big each is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from statistics import median

from attrs import field, frozen

from llmhub.builtin.heuristic.names import Name, is_own, read_name, released
from llmhub.builtin.heuristic.purpose import Purpose, purpose_of
from llmhub.records.measures import blended_price, is_live
from llmhub.records.model import CanonicalModel

SIZES = ("tiny", "small", "medium", "large")
"""Classes of size, from the smallest."""

FORTNIGHT = 14
"""Days between releases that are two generations; closer ones are one under two names, or two that belong together."""

SIZE_RANGE = (0.75, 1.6)
"""How much smaller or larger a later model may be and still be of the same size, where names state parameters."""


@frozen(kw_only=True)
class Kin:
    """One model under all its names: at its maker, at hosts, as dated snapshots.

    `day` of release and `price` (blended, dollars per million tokens) are the maker's own where it offers the model.
    Elsewhere the day is the median of what hosts state, who often write down when they began to serve it, and the price
    the lowest. `model` is the one to name it by.
    """

    name: Name
    purpose: Purpose
    models: tuple[CanonicalModel, ...] = field(repr=False)
    day: date | None
    price: float | None
    live: bool
    moves: bool
    """Whether every name of it means another model every few months: it is then no generation of any line."""
    withdrawn_by: str | None
    """The maker's own provider, where that has deprecated it and the weights are not open."""

    @property
    def model(self) -> CanonicalModel:
        return self.models[0]


class Lineage:
    """The kin of a catalog, by line and in order of release. Deprecated models count: they are predecessors."""

    def __init__(self, models: Iterable[CanonicalModel], price_ratio: float) -> None:
        self.names: dict[str, Name] = {}
        self.purposes: dict[str, Purpose] = {}
        members: dict[Hashable, list[CanonicalModel]] = defaultdict(list)
        for model in sorted(models, key=lambda model: model.canonical_id):
            name = self.names[model.canonical_id] = read_name(model)
            purpose = self.purposes[model.canonical_id] = purpose_of(model)
            members[name.key, purpose].append(model)
        self.all: tuple[Kin, ...] = tuple(
            sorted((self._kin(found, price_ratio) for found in members.values()), key=_by_release)
        )
        self._of = {model.canonical_id: kin for kin in self.all for model in kin.models}
        self._lines: dict[Hashable, list[Kin]] = defaultdict(list)
        self.makers: dict[str, list[Kin]] = defaultdict(list)
        for kin in self.all:
            if kin.moves:
                continue
            self._lines[kin.name.line, kin.purpose].append(kin)
            self.makers[kin.name.maker].append(kin)
        pinned = [
            (model.provider, self.names[model.canonical_id])
            for kin in self.all
            for model in kin.models
            if is_live(model) and not self.names[model.canonical_id].moves
        ]
        self._pinned = {(provider, name.line) for provider, name in pinned}
        self._pinned_makers = {(provider, name.maker) for provider, name in pinned}

    def kin(self, model: CanonicalModel) -> Kin:
        """The kin that *model* of the catalog belongs to."""
        return self._of[model.canonical_id]

    def before(self, kin: Kin) -> Sequence[Kin]:
        """Those of its line and no larger than it, released earlier, oldest first."""
        if kin.day is None:
            return ()
        return [
            other
            for other in self._lines[kin.name.line, kin.purpose]
            if other.day is not None and other.day < kin.day and _is_heir(kin.name.size, other.name.size)
        ]

    def after(self, kin: Kin) -> Sequence[Kin]:
        """Those that took its place: live, of its line and size, released later, oldest first.

        Where no line tells (embeddings, images, voices), a later one of its maker that costs no more.
        """
        if kin.day is None:
            return ()
        later = [
            other
            for other in self._lines[kin.name.line, kin.purpose]
            if other.live and _is_later(other, kin) and _is_of_size(other.name.size, kin.name.size)
            if set(other.name.mode) <= set(kin.name.mode)  # one that always thinks takes no place of one that does not
        ]
        if kin.purpose in _WITHOUT_LINES:
            later += [
                other
                for other in self.makers[kin.name.maker]
                if other.live and other.purpose == kin.purpose and _is_later(other, kin) and _costs_no_more(other, kin)
            ]
        return sorted(later, key=_by_release)

    def has_pinned(self, model: CanonicalModel) -> bool:
        """Whether its provider offers the line of *model* under names that stay what they are; where the name is of no
        line, since it has no number at all, whether it offers any others of its maker."""
        name = self.names[model.canonical_id]
        if "latest" in model.model_id.lower():
            return (model.provider, name.line) in self._pinned
        return (model.provider, name.maker) in self._pinned_makers

    def _kin(self, models: Sequence[CanonicalModel], price_ratio: float) -> Kin:
        own = [model for model in models if is_own(model, self.names[model.canonical_id])]
        ordered = [*own, *(model for model in models if model not in own)]
        days = sorted(day for model in own or models if (day := released(model, self.names[model.canonical_id])))
        purpose = self.purposes[ordered[0].canonical_id]
        prices = [
            price for model in own or models if (price := comparable_price(model, purpose, price_ratio)) is not None
        ]
        withdrawn = bool(own) and not any(map(is_live, own)) and all(model.open_weights is not True for model in models)
        return Kin(
            name=self.names[ordered[0].canonical_id],
            purpose=purpose,
            models=tuple(ordered),
            day=date.fromordinal(int(median(day.toordinal() for day in days))) if days else None,
            price=min(prices, default=None),
            live=any(map(is_live, models)),
            moves=all(self.names[model.canonical_id].moves for model in models),
            withdrawn_by=own[0].provider if withdrawn else None,
        )


def comparable_price(model: CanonicalModel, purpose: Purpose, price_ratio: float) -> float | None:
    """US dollars per million tokens, blended at *price_ratio*; of an embedding, which puts out none, its input."""
    if purpose != "embedding":
        return blended_price(model, price_ratio)
    return model.price_input_per_million if model.price_state == "known" else None


_WITHOUT_LINES = frozenset({"embedding", "image", "speech", "transcription", "rerank", "moderation"})


def _by_release(kin: Kin) -> tuple[date, str]:
    return kin.day or date.max, kin.model.canonical_id


def _is_later(one: Kin, other: Kin) -> bool:
    return one.day is not None and other.day is not None and (one.day - other.day).days >= FORTNIGHT


def _costs_no_more(one: Kin, other: Kin) -> bool:
    return one.price is not None and other.price is not None and one.price <= other.price


def _is_heir(size: float | None, before: float | None) -> bool:
    return size == before or (size is not None and before is not None and size >= SIZE_RANGE[0] * before)


def _is_of_size(size: float | None, other: float | None) -> bool:
    if size is None or other is None:
        return size is other
    return SIZE_RANGE[0] * other <= size <= SIZE_RANGE[1] * other


def size_class(model: CanonicalModel) -> str | None:
    """`tiny`, `small`, `medium` or `large` by a word or a number of parameters in the id; `None` when it has neither.

    With several such words the smallest counts: flash-lite is lite.
    """
    name = model.model_id.lower()
    words = set(re.split(r"[^a-z]+", name))
    for size, known in _SIZE_WORDS:
        if words & known:
            return size
    billions = [float(found) for found in re.findall(r"(?<![\d.])(?<![a-z])(\d+(?:\.\d+)?)b(?![a-z0-9])", name)]
    if not billions:
        return None
    return next((size for size, limit in _SIZE_LIMITS.items() if max(billions) <= limit), "large")


_SIZE_WORDS: Sequence[tuple[str, frozenset[str]]] = (
    ("tiny", frozenset({"nano", "micro", "tiny", "lite", "instant", "xs", "edge"})),
    ("small", frozenset({"mini", "flash", "haiku", "small", "air", "fast", "spark", "highspeed"})),
    ("medium", frozenset({"medium", "sonnet", "plus", "scout"})),
    ("large", frozenset({"large", "opus", "pro", "max", "ultra", "premier", "maverick"})),
)

_SIZE_LIMITS: Mapping[str, float] = {"tiny": 9.0, "small": 35.0, "medium": 110.0}
"""Billions of parameters up to which a model is of this size."""
