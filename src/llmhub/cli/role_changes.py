"""Roles that differ, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.generate.changes import RoleChange
    from llmhub.generate.effects import Effect, Standing


def plain_change(change: RoleChange) -> dict[str, Any]:
    """A change as plain values: role, kind (added, removed, changed), before, after, fields."""
    return {
        "role": change.role,
        "kind": change.kind,
        "before": change.before,
        "after": change.after,
        "fields": [{"field": one.field, "before": one.before, "after": one.after} for one in change.fields],
    }


def told(change: RoleChange) -> str:
    """A change in a few words: `openai:a -> openai:b, params.temperature 0.9 -> 0.2`."""
    if change.kind == "added":
        return f"would be {change.after}"
    if change.kind == "removed":
        return f"{change.before} would go"
    if change.only_reason:
        return f"{change.after} stays; its reason reads differently"
    shown = [
        f"{_named(one.field)}{_value(one.before)} -> {_value(one.after)}"
        for one in change.fields
        if one.field != "reason"
    ]
    return ", ".join(shown)


def _named(field: str) -> str:
    return "" if field == "model" else f"{field} "


def _value(value: Any) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def plain_effect(effect: Effect) -> dict[str, Any]:
    """An effect as plain values: before and after (prices, rating, context, ...), saving, gain, gained, lost."""
    import attrs

    return {
        "before": attrs.asdict(effect.before) if effect.before else None,
        "after": attrs.asdict(effect.after) if effect.after else None,
        "saving": effect.saving,
        "gain": effect.gain,
        "gained": list(effect.gained),
        "lost": list(effect.lost),
    }


def print_effects(rows: Sequence[tuple[RoleChange, Effect | None]]) -> None:
    """Role by role: what changes, then what that costs or gains, as far as the catalog knows."""
    from llmhub.cli.render import print_heading, print_text

    for change, effect in rows:
        print_heading(f"{change.role}: {_headline(change)}")
        for one in change.fields:
            if one.field not in ("model", "reason"):
                print_text(f"{one.field}: {_value(one.before)} -> {_value(one.after)}", indent=2)
        for line in effect_lines(effect) if effect else ():
            print_text(line, indent=2)


def print_headlines(rows: Sequence[tuple[RoleChange, Effect | None]]) -> None:
    """One line per role that gets another model, with what that costs or gains in short."""
    from llmhub.cli.render import print_text

    for change, effect in rows:
        if effect is not None and change.kind == "changed":
            score = f"{effect.gain:+.0f} in score" if effect.gain else ""
            found = (_cheaper(effect), score, _told_abilities(effect))
            short = ", ".join(part.strip(" ()") for part in found if part)
            print_text(f"{change.role}: {change.before} -> {change.after}{f': {short}' if short else ''}")


def _told_abilities(effect: Effect) -> str:
    told = (("gains", effect.gained), ("loses", effect.lost))
    return ", ".join(f"{verb} {' and '.join(names)}" for verb, names in told if names)


def effect_lines(effect: Effect) -> list[str]:
    """What a change of model costs or gains, in sentences of one line each."""
    before, after = effect.before, effect.after
    unknown = [f"the catalog does not know {one.model}" for one in (before, after) if one and not one.known]
    lines = [
        _compared("price", _price(before), _price(after), _cheaper(effect)),
        _compared("score", _rating(before), _rating(after), _better(effect)),
        _compared("context", _tokens(before), _tokens(after), ""),
    ]
    abilities = [("gains", effect.gained), ("loses", effect.lost)]
    return [
        *unknown,
        *(line for line in lines if line),
        *(f"{verb}: {', '.join(names)}" for verb, names in abilities if names),
    ]


def _headline(change: RoleChange) -> str:
    if change.kind == "added":
        return f"new, {change.after}"
    if change.kind == "removed":
        return f"gone, was {change.before}"
    return f"{change.before} -> {change.after}" if change.before != change.after else f"{change.after} stays"


def _compared(what: str, before: str | None, after: str | None, verdict: str) -> str:
    if before is None or after is None:
        known = before or after
        return f"{what}: {known}" if known and known != "unknown" else ""
    if before == after:
        return "" if before == "unknown" else f"{what}: {before}, unchanged"
    return f"{what}: {before} -> {after}{verdict}"


def _price(standing: Standing | None) -> str | None:
    from llmhub.cli.render import dollars

    if standing is None:
        return None
    if standing.price_input is None:
        return "unknown"
    return f"{dollars(standing.price_input)} in / {dollars(standing.price_output)} out per million tokens"


def _cheaper(effect: Effect) -> str:
    if effect.saving is None or abs(effect.saving) < 0.005:
        return ""
    if effect.saving > 0:
        return f" ({effect.saving:.0%} cheaper at this mix of tokens)"
    dearer = 1 - effect.saving
    return f" ({dearer:.1f} times the cost)" if dearer >= 2 else f" ({-effect.saving:.0%} dearer at this mix of tokens)"


def _rating(standing: Standing | None) -> str | None:
    if standing is None:
        return None
    return "unknown" if standing.rating is None else f"{standing.rating:.0f}"


def _better(effect: Effect) -> str:
    return f" ({effect.gain:+.0f})" if effect.gain else ""


def _tokens(standing: Standing | None) -> str | None:
    if standing is None:
        return None
    return "unknown" if standing.context_tokens is None else f"{standing.context_tokens:,} tokens"
