"""Many calls of one role as figures: how long they took, what failed, what they cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import ceil

from attrs import frozen

from llmhub.cli.trial import Trial


@frozen(kw_only=True)
class Percentiles:
    """Seconds that half of the calls, and 95 of 100, did not exceed."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Percentiles | None:
        """By nearest rank, so that each figure is one that was measured; `None` of nothing.

        >>> Percentiles.of([0.2, 0.1, 0.4, 0.3])
        Percentiles(p50=0.2, p95=0.4)
        """
        ranked = sorted(seconds)
        if not ranked:
            return None
        p50, p95 = (ranked[ceil(share * len(ranked) / 100) - 1] for share in (50, 95))
        return cls(p50=p50, p95=p95)


@frozen(kw_only=True)
class Latencies:
    """What came of calling one role several times.

    `seconds` and `seconds_to_first` are of answered calls. `served` counts them by who answered, `errors` counts the
    attempts that failed, by class, and calls refused before any. `cost` is of the `calls` less the `unpriced`, in US
    dollars; `None` when no answer had a price. Tokens are `None` when no answer told of them.
    """

    role: str
    calls: int
    answered: int
    seconds: Percentiles | None
    seconds_to_first: Percentiles | None
    served: Mapping[str, int]
    errors: Mapping[str, int]
    input_tokens: int | None
    output_tokens: int | None
    cost: Decimal | None
    unpriced: int
    last_error: str
    exit_code: int


def latencies(trials: Sequence[Trial]) -> Latencies:
    """The figures of *trials*, at least one, all of one role."""
    answered = [trial for trial in trials if trial.ok]
    costs = [Decimal(trial.cost) for trial in answered if trial.cost is not None]
    first = (trial.seconds_to_first for trial in answered)
    return Latencies(
        role=trials[0].role,
        calls=len(trials),
        answered=len(answered),
        seconds=Percentiles.of(trial.seconds for trial in answered),
        seconds_to_first=Percentiles.of(seconds for seconds in first if seconds is not None),
        served=dict(Counter(f"{trial.provider}:{trial.model}" for trial in answered).most_common()),
        errors=dict(Counter(name for trial in trials for name in _errors(trial)).most_common()),
        input_tokens=_sum(trial.input_tokens for trial in answered),
        output_tokens=_sum(trial.output_tokens for trial in answered),
        cost=sum(costs, Decimal(0)) if costs else None,
        unpriced=len(trials) - len(costs),
        last_error=next((trial.error for trial in reversed(trials) if not trial.ok), ""),
        exit_code=max(trial.exit_code for trial in trials),
    )


def _errors(trial: Trial) -> Iterable[str]:
    failed = [attempt.error_class for attempt in trial.attempts if attempt.error_class]
    if not trial.ok and not failed:
        return [trial.error_class or "HubError"]
    return failed


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
