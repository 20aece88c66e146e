"""Ranks the models that may serve a need: a weighted mean of what each criterion thinks of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import itemgetter

from llmhub.builtin.heuristic.appraise import CRITERIA, Appraised
from llmhub.errors import SelectionError, nearest
from llmhub.records.contributions import Scorer
from llmhub.records.selection import Candidate, Contribution, Need

ESSENTIAL = frozenset({"cost", "quality"})
"""What must be known of a model for it to go before any of which it is known."""


class Ranking:
    """Ranks candidates for any number of roles; what they share is worked out once.

    *scorers* are the criteria of other plugins, by name; one counts only where a role weighs it.
    """

    def __init__(self, scorers: Mapping[str, Scorer]) -> None:
        self._scorers = scorers
        self._columns: dict[tuple[str, float], dict[str, Contribution]] = defaultdict(dict)

    def rank(self, admitted: Iterable[Appraised], need: Need) -> tuple[Candidate, ...]:
        """The candidates, best first. Equal scores go by quality, then price, then age, then id.

        What is unknown of a model counts 0, and every known value more, so the unknown loses to the known. Of price and
        quality that is not enough: many small advantages would make up for not knowing what it costs, or whether it is
        any good. So each of the two that is weighed and not known takes a whole 1 off the score.

        Raises:
            SelectionError: a weight names no criterion, or a scorer failed or left the range from 0 to 1.
        """
        weights = [(name, weight) for name, weight in need.weights.items() if weight > 0]
        self._check_names(weights, need)
        total = sum(weight for _, weight in weights) or 1.0
        columns = [(name, weight, self._columns[name, weight]) for name, weight in weights]
        scored = []
        for one in admitted:
            key = one.model.canonical_id
            contributions = tuple(
                [known.get(key) or self._contribution(name, weight, one, need) for name, weight, known in columns]
            )
            points, unknown = 0.0, 0
            for found in contributions:
                if found.value is not None:
                    points += found.value * found.weight
                elif found.criterion in ESSENTIAL:
                    unknown += 1
            # Rounded, so that noise in the last digits does not decide between equals.
            scored.append((unknown - round(points / total, 9), one.tie_break, one.model, contributions))
        scored.sort(key=itemgetter(0, 1))
        return tuple(
            [
                Candidate(model=model, score=-negated, contributions=contributions)
                for negated, _, model, contributions in scored
            ]
        )

    def _contribution(self, name: str, weight: float, one: Appraised, need: Need) -> Contribution:
        if name not in one.judgements:
            return _scored(self._scorers[name], weight, one, need)
        judgement = one.judgements[name]
        found = Contribution(criterion=name, value=judgement.value, weight=weight, note=judgement.note)
        self._columns[name, weight][one.model.canonical_id] = found
        return found

    def _check_names(self, weights: Iterable[tuple[str, float]], need: Need) -> None:
        known = [*CRITERIA, *self._scorers]
        unknown = [name for name, _ in weights if name not in known]
        if unknown:
            close = nearest(unknown[0], known)
            meant = f" Did you mean {close!r}?" if close else ""
            named = ", ".join(map(repr, unknown))
            raise SelectionError(need.role, f"no criterion is called {named}.{meant} There are {', '.join(known)}.")


def _scored(scorer: Scorer, weight: float, one: Appraised, need: Need) -> Contribution:
    try:
        value: object = scorer.score(need, one.model)
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
        raise SelectionError(
            need.role, f"the scorer {scorer.name!r} failed at {one.model.canonical_id}: {failure}"
        ) from error
    if value is None:
        return Contribution(criterion=scorer.name, value=None, weight=weight, note="unknown")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        found = f"{value!r} for {one.model.canonical_id}"
        raise SelectionError(need.role, f"the scorer {scorer.name!r} gave {found}, not a number from 0 to 1")
    return Contribution(criterion=scorer.name, value=float(value), weight=weight)
