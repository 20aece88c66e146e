"""What is known or can be inferred of how good each model is, in points of one rating. Pure.

The board is always older than the models: the newest and best are not on it. So whoever is not rated is judged by kin,
each rule a lower bound with its reason, and the best supported of them counts:

`rated`      a model is worth the lower bound of its own rating.
`mode`       rated only while reasoning: that rating, less what reasoning adds.
`heir`       a later model of a rated line is at least as good as the best before it, and gains as lines have gained.
`front`      and where that one was among the best of its day, the heir is no worse than the best rated before it.
`benchmark`  published results place it among rated models that have results in the same benchmarks.
`house`      a maker asks more for what is better: a model of a new line is as good as what its maker sold for no more,
             and not much worse than what it sold for a few times the price.

For the same reason nothing of this lifts a model to its maker's best of the season at a higher price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from math import log2

from attrs import evolve, frozen

from llmhub.builtin.heuristic.benchmarks import Benchmarks
from llmhub.builtin.heuristic.lines import FORTNIGHT, SIZES, Kin, Lineage, size_class
from llmhub.builtin.heuristic.purpose import WRITES
from llmhub.records.measures import TEXT_BOARD, measures
from llmhub.records.model import CanonicalModel

GAIN = 4.0
"""Points a line gains in a month. On the board of December 2025 it was 6.6 in the median over 46 pairs of successive
generations, with a lower quartile of 3.1: what is inferred should rather be too little than too much."""

LONGEST_GAIN = 12.0
"""Months after which no more gain is inferred."""

MODE_GAIN = 10.0
"""What reasoning adds: 7 points in the median over models rated with it and without (December 2025), rounded up."""

FRONT = 26.0
"""Points behind the best of its day within which a model is among the best: the median width of an interval."""

SMALLER = 50.0
"""Points between two classes of size of one maker: 41 to 64 between the tiny and the small ones rated side by side
(gpt-5-nano and -mini, gpt-4.1-nano and -mini, gemini-2.5-flash-lite and -flash, gemma-3-4b and -27b)."""

SMALLER_PRICE = 4.0
"""How many times its price that larger one may have cost."""

STEP = 10.0
"""Points between two models that a maker sells beside each other, for each doubling of the price: where either is not
rated."""

SEASON = 92
"""Days between two releases of one maker that are meant to be sold beside each other; later ones undersell earlier."""

_MONTH = 30.44


@frozen(kw_only=True)
class Evidence:
    """How good a model is in points, by which rule, and the rated model (`basis`) it rests on.

    `root` and `since` are where the line's gain counts from: the rating, and the release of the model that has it.
    `own_line` is false where that model is of another line. `floor` is the rating of a predecessor in its own line.
    """

    figure: float
    rule: str
    note: str
    basis: CanonicalModel
    root: float
    since: date | None
    own_line: bool = True
    floor: float = 0.0


class Board:
    """What a catalog's models are rated: the plain model, and each mode of it. Read once for all measures."""

    def __init__(self, lineage: Lineage) -> None:
        self.lineage = lineage
        self._plain: dict[str, Mapping[str, float]] = {}
        self._modes: dict[str, Mapping[str, Mapping[str, float]]] = {}
        for kin in lineage.all:
            for model in kin.models:
                self._plain[model.canonical_id] = figures(model)
                modes = {score.mode for score in model.scores if score.mode and score.board == TEXT_BOARD}
                self._modes[model.canonical_id] = {mode: figures(_in_mode(model, mode)) for mode in sorted(modes)}

    def stated(self, model: CanonicalModel, measure: str) -> Evidence | None:
        """What is said of *model* itself: as it is, else in a mode of it."""
        since = self.lineage.kin(model).day
        plain = self._plain[model.canonical_id].get(measure)
        if plain is not None:
            note = f"rated {plain:.0f}, lower bound"
            return Evidence(figure=plain, rule="rated", note=note, basis=model, root=plain, since=since, floor=plain)
        modes = {mode: found[measure] for mode, found in self._modes[model.canonical_id].items() if measure in found}
        if not modes:
            return None
        mode, rated = max(modes.items(), key=lambda one: (one[1], one[0]))
        note, figure = f"rated only as {mode}: {rated:.0f}, less {MODE_GAIN:.0f} for what reasoning adds", rated
        if mode == "no-thinking":
            note = f"rated only as {mode}: {rated:.0f}"
        else:
            figure = rated - MODE_GAIN
        return Evidence(figure=figure, rule="mode", note=note, basis=model, root=figure, since=since, floor=figure)


class Witnesses:
    """The evidence for every model of a catalog in one measure."""

    def __init__(self, board: Board, measure: str) -> None:
        self._board = board
        self._lineage = board.lineage
        self._measure = measure
        self._found: dict[int, Evidence] = {}
        self._rated = {id(kin): found for kin in self._lineage.all if (found := self._stated(kin))}
        self._benchmarks = Benchmarks(
            [(kin, self._rated[id(kin)].figure) for kin in self._lineage.all if id(kin) in self._rated], measure
        )
        self._front: list[tuple[date, float, CanonicalModel]] = []
        for kin in self._lineage.all:  # in order of release, so that what came before is settled
            found = self._rated.get(id(kin)) or self._inferred(kin)
            if found is not None:
                self._found[id(kin)] = found
                if id(kin) in self._rated and kin.day is not None:
                    self._front.append((kin.day, found.figure, kin.model))
        for maker in self._lineage.makers.values():
            self._lower(maker)

    @property
    def any(self) -> bool:
        """Whether anything is known of any model."""
        return bool(self._found)

    def of(self, model: CanonicalModel) -> Evidence | None:
        """The evidence for *model*: its own rating before that of its kin; `None` when there is none."""
        return self._board.stated(model, self._measure) or self._found.get(id(self._lineage.kin(model)))

    # --- the rules --------------------------------------------------------------------------------------------------

    def _stated(self, kin: Kin) -> Evidence | None:
        """The lowest of its names' ratings: one model has several where snapshots are rated apart."""
        stated = [found for model in kin.models if (found := self._board.stated(model, self._measure))]
        plain = [found for found in stated if found.rule == "rated"]
        return min(plain or stated, key=lambda found: found.figure, default=None)

    def _inferred(self, kin: Kin) -> Evidence | None:
        by_line = [*self._heir(kin), *self._benchmarked(kin)]
        # A name that moves has a price and a date of which nobody knows to which of its models they belong.
        by_house = [] if kin.moves or any(found.own_line for found in by_line) else [*self._house(kin)]
        return max([*by_line, *by_house], key=lambda found: found.figure, default=None)

    def _heir(self, kin: Kin) -> Iterator[Evidence]:
        known = [(other, found) for other in self._lineage.before(kin) if (found := self._found.get(id(other)))]
        if not known or kin.day is None:
            return
        before, found = max(known, key=lambda one: (one[0].name.size or 0.0, one[1].figure, one[0].day or date.min))
        yield evolve(
            found,
            figure=_grown(found, kin.day),
            rule="heir",
            note=f"newer than {before.model.model_id}, {_known(found)}{_months(found, kin.day)}",
        )
        front = self._best_before(found.since)
        if found.own_line and front is not None and found.root >= front[1] - FRONT:
            day, figure, best = self._best_before(kin.day) or front
            note = (
                f"heir of {before.model.model_id}, among the best of its day; no worse than {best.model_id} before it"
            )
            yield Evidence(
                figure=figure, rule="front", note=note, basis=best, root=figure, since=day, floor=found.floor
            )

    def _best_before(self, day: date | None) -> tuple[date, float, CanonicalModel] | None:
        if day is None:
            return None
        return max((one for one in self._front if one[0] <= day), key=lambda one: one[1], default=None)

    def _benchmarked(self, kin: Kin) -> Iterator[Evidence]:
        placed = self._benchmarks.place(kin)
        if placed is not None:
            note = f"by {placed.named}, as good as models rated {placed.figure:.0f}"
            yield Evidence(
                figure=placed.figure, rule="benchmark", note=note, basis=kin.model, root=placed.figure, since=kin.day
            )

    def _house(self, kin: Kin) -> Iterator[Evidence]:
        if kin.price is None or kin.day is None or kin.purpose not in WRITES:
            return
        grown = partial(_grown, day=kin.day)
        sold = [
            (other, found)
            for other in self._lineage.makers[kin.name.maker]
            if other.price is not None and other.day is not None and other.day <= kin.day and other is not kin
            if other.purpose == "chat" and (found := self._found.get(id(other))) and found.own_line
        ]
        for dearest, smaller, what in ((1.0, 0, "no less"), (SMALLER_PRICE, 1, "a few times less")):
            within = [
                (grown(found) + _premium(kin, other) - SMALLER * max(smaller, _steps_up(kin, other)), other, found)
                for other, found in sold
                if (other.price or 0.0) <= dearest * kin.price
            ]
            if within:
                figure, other, found = max(within, key=lambda one: (one[0], one[1].price, one[1].model.canonical_id))
                note = f"its maker asks {what} for it than for {other.model.model_id}, {_known(found)}"
                root = figure - grown(found) + found.root
                yield evolve(found, figure=figure, rule="house", note=note, root=root, own_line=False, floor=0.0)

    def _lower(self, makers: Sequence[Kin]) -> None:
        """Puts what was inferred below the maker's best at a higher price, from the dearest to the cheapest."""
        priced = [(kin, kin.price, kin.day) for kin in makers if kin.price and kin.day and id(kin) in self._found]
        for kin, price, day in sorted(priced, key=lambda entry: (-entry[1], entry[0].model.canonical_id)):
            found = self._found[id(kin)]
            dearer = [
                (self._found[id(other)].figure - STEP * log2(asked / price), other.model.model_id)
                for other, asked, out in priced
                if asked > price and -FORTNIGHT < (day - out).days <= SEASON and self._is_beside(other, kin)
            ]
            limit, best = max(dearer, default=(found.figure, ""))
            if id(kin) not in self._rated and limit < found.figure:
                note = f"{found.note}; put below {best}, for which its maker asks more"
                self._found[id(kin)] = evolve(found, figure=max(limit, found.floor), note=note)

    def _is_beside(self, other: Kin, kin: Kin) -> bool:
        """Whether *other* was the latest of another line of general models when *kin* came out."""
        if not other.live or other.purpose != "chat" or other.name.line == kin.name.line or kin.day is None:
            return False
        return all(later.day is None or later.day > kin.day for later in self._lineage.after(other))


def _premium(kin: Kin, other: Kin) -> float:
    """What *kin* is put above *other* for its higher price, where both are meant to be sold beside each other."""
    if not (kin.price and other.price and kin.day and other.day) or (kin.day - other.day).days > SEASON:
        return 0.0
    return STEP * max(0.0, log2(kin.price / other.price))


def _steps_up(kin: Kin, other: Kin) -> int:
    """How many classes of size *other* is larger, as far as names tell."""
    size, than = size_class(kin.model), size_class(other.model)
    return max(0, SIZES.index(than) - SIZES.index(size)) if size and than else 0


def figures(model: CanonicalModel) -> Mapping[str, float]:
    """The plain model's ratings by measure, each by its lower bound; `overall` also from `arena_*` alone."""
    found = dict(measures(model, 1.0))
    found.pop("blended_price", None)
    if "overall" not in found:
        bound = model.arena_score if model.arena_ci_low is None else model.arena_ci_low
        if bound is not None:
            found["overall"] = bound
    return found


def _in_mode(model: CanonicalModel, mode: str) -> CanonicalModel:
    scores = tuple(evolve(score, mode="") for score in model.scores if score.mode == mode)
    return evolve(model, scores=scores, arena_score=None, arena_ci_low=None)


def _grown(found: Evidence, day: date) -> float:
    return found.root + GAIN * _passed(found, day)


def _passed(found: Evidence, day: date) -> float:
    if found.since is None:
        return 0.0
    return min(LONGEST_GAIN, max(0.0, (day - found.since).days / _MONTH))


def _months(found: Evidence, day: date) -> str:
    passed = round(_passed(found, day))
    return f", and {passed} month{'' if passed == 1 else 's'} of gain since" if passed else ""


def _known(found: Evidence) -> str:
    if found.rule in ("rated", "mode"):
        return f"rated {found.figure:.0f}"
    return f"put at {found.figure:.0f}"
