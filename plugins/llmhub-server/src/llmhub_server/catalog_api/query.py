"""What a list of models is asked for: read from a query string, every fault of it told at once. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from llmhub.errors import nearest
from llmhub.records.measures import blended_price, is_live, makes_text
from llmhub.records.model import CanonicalModel
from llmhub_server.catalog_api.columns import COLUMNS, USUAL
from llmhub_server.catalog_api.problems import FieldProblem, refuse_all

if TYPE_CHECKING:
    from llmhub_server.catalog_api.shelf import Kept

MODES = ("chat", "embedding", "image", "speech", "transcription", "rerank", "moderation")
STATUSES = ("live", "alpha", "beta", "deprecated", "retired", "any")
TIERS = ("cost_tier", "quality_tier", "reasoning_tier", "creative_tier")
DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1000
LARGEST_OFFSET = 1_000_000


@frozen(kw_only=True)
class CatalogQuery:
    """Which models, in which order, which page of them, and which columns.

    One of `provider`, all of `tags`. `max_price` bounds the blended price in US dollars per million tokens, `max_tiers`
    each tier named there. What is unknown satisfies no bound. `status` empty: all but retired models.
    """

    q: str = ""
    provider: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mode: str | None = None
    max_price: float | None = None
    min_context: int | None = None
    max_tiers: tuple[tuple[str, int], ...] = ()
    open_weights: bool | None = None
    callable: bool | None = None
    status: tuple[str, ...] = ()
    sort: str = "canonical_id"
    descending: bool = False
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None
    fields: tuple[str, ...] = USUAL


def parse_query(items: Iterable[tuple[str, str]]) -> CatalogQuery:
    """The query that *items*, names and values as they came, are.

    Raises:
        RefusedError: everything that is wrong with them.
    """
    given: dict[str, list[str]] = {}
    for name, value in items:
        given.setdefault(name, []).append(value)
    problems: list[FieldProblem] = []
    stated: dict[str, Any] = {}
    for name, values in given.items():
        if name not in PARAMETERS:
            close = nearest(name, tuple(PARAMETERS))
            listed = f"one of {', '.join(PARAMETERS)}"
            told = FieldProblem(parameter=name, detail="unknown parameter", expected=listed, suggestion=close)
            problems.append(told)
            continue
        try:
            stated[name] = PARAMETERS[name](values)
        except _UnfitError as unfit:
            problems.append(evolve(unfit.problem, parameter=name))
    refuse_all(problems, "the query has faults")
    tiers = tuple((tier, stated.pop(f"max_{tier}")) for tier in TIERS if f"max_{tier}" in stated)
    order = stated.pop("order", "asc")
    return CatalogQuery(max_tiers=tiers, descending=order == "desc", **stated)


def selected(query: CatalogQuery, kept: Kept) -> Sequence[CanonicalModel]:
    """The models that *query* admits, in its order."""
    admits = [
        test
        for test in (
            _words(query.q),
            _providers(query.provider),
            _tags(query.tags),
            _mode(query.mode),
            _price(query.max_price, kept),
            _context(query.min_context),
            *(_tier(name, most) for name, most in query.max_tiers),
            _open_weights(query.open_weights),
            _callable(query.callable, kept),
            _status(query.status),
        )
        if test is not None
    ]
    models = kept.ordered(query.sort, descending=query.descending)
    return [model for model in models if all(test(model) for test in admits)]


def remarks(query: CatalogQuery, kept: Kept) -> tuple[str, ...]:
    """What of *query* no model at all goes by, with what may have been meant."""
    held = kept.once("providers", lambda: sorted({model.provider for model in kept.models}))
    known = kept.once("tags", lambda: sorted({tag for model in kept.models for tag in model.tags}))
    return (
        *(
            _unknown(f"no model of provider {name!r} is known", name, held)
            for name in query.provider
            if name not in held
        ),
        *(_unknown(f"no model has the tag {name!r}", name, known) for name in query.tags if name not in known),
    )


def _unknown(fault: str, name: str, known: Sequence[str]) -> str:
    close = nearest(name, known)
    return f"{fault}; did you mean {close!r}?" if close else f"{fault}; there are: {', '.join(known)}"


# --- what a model must have; `None`: nothing was asked -------------------------------------------------------------

Test = Callable[[CanonicalModel], bool]


def _words(text: str) -> Test | None:
    words = text.lower().split()

    def test(model: CanonicalModel) -> bool:
        described = f"{model.canonical_id} {model.display_name or ''} {model.family or ''}".lower()
        return all(word in described for word in words)

    return test if words else None


def _providers(names: tuple[str, ...]) -> Test | None:
    wanted = frozenset(names)
    return (lambda model: model.provider in wanted) if wanted else None


def _tags(names: tuple[str, ...]) -> Test | None:
    wanted = frozenset(names)
    return (lambda model: wanted <= set(model.tags)) if wanted else None


def _mode(mode: str | None) -> Test | None:
    if mode is None:
        return None
    if mode == "chat":
        return makes_text
    tag = "image-gen" if mode == "image" else mode
    return lambda model: tag in model.tags


def _price(most: float | None, kept: Kept) -> Test | None:
    if most is None:
        return None
    ratio = kept.catalog.statistics.price_ratio

    def test(model: CanonicalModel) -> bool:
        price = blended_price(model, ratio)
        return price is not None and price <= most

    return test


def _context(least: int | None) -> Test | None:
    if least is None:
        return None
    return lambda model: model.context_tokens is not None and model.context_tokens >= least


def _tier(name: str, most: int) -> Test:
    def test(model: CanonicalModel) -> bool:
        tier = getattr(model, name)
        return tier is not None and tier <= most

    return test


def _open_weights(wanted: bool | None) -> Test | None:
    return None if wanted is None else lambda model: model.open_weights is wanted


def _callable(wanted: bool | None, kept: Kept) -> Test | None:
    if wanted is None:
        return None
    from llmhub.catalog.availability import availability

    return lambda model: availability(model, kept.listings).callable is wanted


def _status(wanted: tuple[str, ...]) -> Test | None:
    if "any" in wanted:
        return None
    if not wanted:
        return lambda model: model.status != "retired"
    return lambda model: model.status in wanted or ("live" in wanted and is_live(model))


# --- what a parameter may hold ---------------------------------------------------------------------------------------


class _UnfitError(Exception):
    def __init__(self, detail: str, expected: str | None = None, suggestion: str | None = None) -> None:
        self.problem = FieldProblem(detail=detail, expected=expected, suggestion=suggestion)
        super().__init__(detail)


Reader = Callable[[Sequence[str]], Any]


def _single(values: Sequence[str], expected: str) -> str:
    if len(values) > 1:
        raise _UnfitError(f"given {len(values)} times", f"{expected}, once")
    return values[0]


def _one_of(*valid: str) -> Reader:
    def read(values: Sequence[str]) -> str:
        expected = f"one of {', '.join(valid)}"
        return _among(_single(values, expected), valid, expected)

    return read


def _some_of(*valid: str) -> Reader:
    def read(values: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_among(name, valid, f"some of {', '.join(valid)}") for name in _listed(values)))

    return read


def _among(value: str, valid: Sequence[str], expected: str) -> str:
    if value not in valid:
        raise _UnfitError(f"found {value[:60]!r}", expected, nearest(value, valid))
    return value


def _names(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_listed(values)))


def _listed(values: Sequence[str]) -> list[str]:
    """Names that stand in several parameters, in one with commas between, or both."""
    names = [name for value in values for name in value.split(",")]
    if not all(names):
        raise _UnfitError("found an empty name", "names with commas between")
    return names


def _text(values: Sequence[str]) -> str:
    return _single(values, "text")


def _whole(least: int, most: int) -> Reader:
    def read(values: Sequence[str]) -> int:
        expected = f"a whole number from {least} to {most}"
        value = _single(values, expected)
        if not re.fullmatch(r"[0-9]{1,15}", value) or not least <= int(value) <= most:
            raise _UnfitError(f"found {value[:60]!r}", expected)
        return int(value)

    return read


def _amount(values: Sequence[str]) -> float:
    expected = "a number, 0 or more"
    value = _single(values, expected)
    if not re.fullmatch(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?", value) or not math.isfinite(float(value)):
        raise _UnfitError(f"found {value[:60]!r}", expected)
    return float(value)


def _truth(values: Sequence[str]) -> bool:
    return bool(_one_of("true", "false")(values) == "true")


PARAMETERS: Mapping[str, Reader] = {
    "q": _text,
    "provider": _names,
    "tags": _names,
    "mode": _one_of(*MODES),
    "max_price": _amount,
    "min_context": _whole(0, 10**12),
    **{f"max_{tier}": _whole(1, 5) for tier in TIERS},
    "open_weights": _truth,
    "callable": _truth,
    "status": _some_of(*STATUSES),
    "sort": _one_of(*COLUMNS),
    "order": _one_of("asc", "desc"),
    "limit": _whole(1, LARGEST_LIMIT),
    "offset": _whole(0, LARGEST_OFFSET),
    "cursor": _text,
    "fields": _some_of(*COLUMNS),
}
"""Every parameter of a list, with how its value is read."""
