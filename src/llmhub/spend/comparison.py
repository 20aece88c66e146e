"""Whether variants differ, or chance explains what was seen. Pure; the statistics are scipy's (`llmhub[stats]`).

Each variant is compared with the first by Welch's t-test on the figures of its units (Welch 1947), which asks for no
equal variances. With several comparisons each interval is wider, so that all of them hold together with 95 %
(Bonferroni). Below 30 units a side, or where nearly nothing failed, no verdict is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp
from statistics import fmean, pvariance
from typing import Any, Literal

from attrs import evolve, frozen

from llmhub.spend.arms import MEASURES, Arm, Measure

__all__ = ["Comparison", "comparisons", "interval", "statistics_installed"]

CONFIDENCE = 0.95
LEAST_UNITS = 30
"""Fewer units a side, and means are not near enough to normal for the test."""
LEAST_FAILURES = 5
"""Fewer failed calls on both sides together, and a difference of errors is a matter of one or two calls."""

Verdict = Literal["better", "worse", "no difference shown", "too few to tell"]


@frozen(kw_only=True)
class Interval:
    """A mean and the 95 % interval around it."""

    mean: float
    low: float
    high: float


@frozen(kw_only=True)
class Comparison:
    """*variant* against *control* in one measure.

    `difference` and its interval are in the unit of the measure: points of score, share of calls, dollars per call; for
    latency it is the ratio of the one to the other (0.8: a fifth faster). `units` are those of control and variant. For
    a difference not shown, `enough` says how many units a side would show it if it stays as it is.
    """

    variant: str
    control: str
    measure: Measure
    verdict: Verdict
    units: tuple[int, int]
    difference: Interval | None = None
    enough: int | None = None


def statistics_installed() -> bool:
    """Whether scipy is there."""
    from importlib.util import find_spec

    return find_spec("scipy") is not None


def interval(figures: Sequence[float]) -> Interval | None:
    """The mean of *figures* and its interval by Student's t; `None` below 30, or where all are equal."""
    if len(figures) < LEAST_UNITS or pvariance(figures) == 0:
        return None
    from scipy.stats import ttest_1samp

    found: Any = ttest_1samp(figures, 0.0).confidence_interval(CONFIDENCE)
    return Interval(mean=fmean(figures), low=float(found.low), high=float(found.high))


def comparisons(control: Arm, others: Sequence[Arm]) -> tuple[Comparison, ...]:
    """Every one of *others* against *control*, in each measure that both have figures for."""
    level = 1 - (1 - CONFIDENCE) / max(len(others), 1)
    return tuple(
        _compared(control, other, measure, level)
        for other in others
        for measure in MEASURES
        if control.units[measure] and other.units[measure]
    )


def _compared(control: Arm, variant: Arm, measure: Measure, level: float) -> Comparison:
    before, after = control.units[measure], variant.units[measure]
    told = Comparison(
        variant=variant.name,
        control=control.name,
        measure=measure,
        verdict="too few to tell",
        units=(len(before), len(after)),
    )
    if min(told.units) < LEAST_UNITS or (measure == "errors" and control.errors + variant.errors < LEAST_FAILURES):
        return told
    if pvariance(before) == pvariance(after) == 0:
        return _without_chance(told, after[0] - before[0])
    from scipy.stats import ttest_ind

    found: Any = ttest_ind(after, before, equal_var=False).confidence_interval(level)
    mean, low, high = fmean(after) - fmean(before), float(found.low), float(found.high)
    shown = low > 0 or high < 0
    return evolve(
        told,
        verdict=_word(measure, mean) if shown else "no difference shown",
        difference=_told_as(measure, mean, low, high),
        enough=None if shown or not mean else _enough(told.units, mean, (high - low) / 2),
    )


def _without_chance(told: Comparison, difference: float) -> Comparison:
    """Where every unit of a side shows the same figure, as costs may: nothing is left to chance."""
    if not difference:
        return evolve(told, verdict="no difference shown")
    found = _told_as(told.measure, difference, difference, difference)
    return evolve(told, verdict=_word(told.measure, difference), difference=found)


def _told_as(measure: Measure, *figures: float) -> Interval:
    mean, low, high = map(exp, figures) if measure == "latency" else figures
    return Interval(mean=mean, low=low, high=high)


def _enough(units: tuple[int, int], mean: float, half_width: float) -> int:
    """Units a side at which an interval, narrowing with the root of their number, would leave zero out."""
    return ceil(max(units) * (half_width / abs(mean)) ** 2)


def _word(measure: Measure, difference: float) -> Verdict:
    return "better" if difference * MEASURES[measure] > 0 else "worse"
