"""Where published benchmark results place a model among rated ones. Pure.

Results and ratings have different scales, so a result is turned into points by rank, as exams of different years are
(equipercentile equating; Kolen and Brennan, Test Equating, Scaling, and Linking, chapter 2): who stands at the third of
the results stands at the third of the ratings of the same models.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

from attrs import frozen

from llmhub.builtin.heuristic.lines import Kin

BOARD = "models.dev"
FEWEST = 8
"""A benchmark that fewer rated models have results in places nobody."""

_ABOUT = frozenset({"overall", "reasoning", "coding"})
"""The measures that published benchmarks, mostly of code and science, say something about."""


@frozen(kw_only=True)
class Place:
    """A rating as good as the results are, and the benchmarks behind it."""

    figure: float
    benchmarks: tuple[str, ...]

    @property
    def named(self) -> str:
        first, *others = self.benchmarks
        return f"{first} and {len(others)} more" if others else first


class Benchmarks:
    """The benchmarks that enough of the *rated* kin have results in, for one measure."""

    def __init__(self, rated: Sequence[tuple[Kin, float]], measure: str) -> None:
        pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
        if measure in _ABOUT:
            for kin, figure in rated:
                for name, result in _results(kin).items():
                    pairs[name].append((result, figure))
        self._scales = {
            name: (sorted(result for result, _ in found), sorted(figure for _, figure in found))
            for name, found in pairs.items()
            if len(found) >= FEWEST
        }

    def place(self, kin: Kin) -> Place | None:
        """The median over all benchmarks it has results in; `None` when there is none to compare with.

        Who is worse than all rated models is not placed, and who is better counts like the best: nothing is known
        beyond the ends.
        """
        placed = {
            name: figure
            for name, result in _results(kin).items()
            if name in self._scales and (figure := _equated(result, *self._scales[name])) is not None
        }
        return Place(figure=median(placed.values()), benchmarks=tuple(sorted(placed))) if placed else None


def _results(kin: Kin) -> Mapping[str, float]:
    """The best result per benchmark over its names."""
    found: dict[str, float] = {}
    for model in kin.models:
        for score in model.scores:
            if score.board == BOARD and not score.mode:
                found[score.category] = max(score.rating, found.get(score.category, score.rating))
    return found


def _equated(result: float, results: Sequence[float], ratings: Sequence[float]) -> float | None:
    if result < results[0]:
        return None
    above = bisect_left(results, result)
    if above == len(results):
        return ratings[-1]
    if results[above] == result:
        return ratings[above]
    share = (result - results[above - 1]) / (results[above] - results[above - 1])
    return ratings[above - 1] + share * (ratings[above] - ratings[above - 1])
