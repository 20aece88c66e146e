"""What a comparison of two variants says, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmhub.cli.render import dollars

if TYPE_CHECKING:
    from llmhub.spend.arms import Measure
    from llmhub.spend.comparison import Comparison, Interval

__all__ = ["told"]


def told(one: Comparison) -> str:
    """The verdict on one measure, with the difference that was seen."""
    sentence = f"{one.measure}: {one.verdict}"
    if one.verdict == "too few to tell":
        failures = "under 5 failures in all, or " if one.measure == "errors" else ""
        return f"{sentence} ({failures}under 30 on a side: {one.units[0]} and {one.units[1]})"
    if one.difference is not None:
        sentence += f", {_difference(one, one.difference)}"
    if one.enough is not None:
        sentence += f"; about {one.enough:,} a side would show it if it stays so"
    return sentence


def _difference(one: Comparison, found: Interval) -> str:
    if found.low == found.high:
        return f"{_written(one.measure, found.mean)} every time"
    mean, low, high = (_written(one.measure, value) for value in (found.mean, found.low, found.high))
    return f"{mean} (95 %: {low} to {high})"


def _written(measure: Measure, value: float) -> str:
    if measure == "cost":
        return f"{'-' if value < 0 else '+'}{dollars(round(abs(value), 8))}"
    if measure == "latency":
        return f"{100 * (value - 1):+.0f} %"
    return f"{value:+.3g}" if measure == "score" else f"{100 * value:+.2g} percentage points"
