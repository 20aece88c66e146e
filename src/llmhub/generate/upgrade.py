"""What a new look at the catalog would change in the roles as they stand, and what became of their models. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from attrs import evolve, frozen

from llmhub.generate.carry import carry
from llmhub.generate.changes import target
from llmhub.generate.decided import content_hash, entries, is_pinned
from llmhub.generate.effects import Effect, Mix, Traffic, standing
from llmhub.generate.present import PresentFile
from llmhub.records.model import CanonicalModel, SourceState
from llmhub.records.selection import Candidate, Selection
from llmhub.records.spec import HubSpec


@frozen(kw_only=True)
class Event:
    """Something that became of a model in use: by which source it is known, and the date of that (ISO)."""

    kind: Literal["deprecated", "vanished", "repriced", "unknown"]
    model: str
    detail: str
    source: str
    date: str


@frozen(kw_only=True)
class Upgrade:
    """One role: the model it has, the one it would get now, and what became of those it names.

    `fit` is the score by the role's own preferences, from 0 to 1, of the model before and after; `None` for one that
    could not be chosen at all. `quality` says what the quality of both is known by. `offered` is `None` when the
    present model is still the choice, or is pinned.
    """

    role: str
    present: str
    offered: str | None
    effect: Effect | None
    mix: Mix
    fit: tuple[float | None, float | None] = (None, None)
    quality: tuple[str, str] = ("", "")
    reason: str = ""
    pinned: bool = False
    events: tuple[Event, ...] = ()
    traffic: Traffic | None = None


def mix_of(traffic: Traffic | None, spec: HubSpec) -> Mix:
    """How the tokens of a role are divided: by the *traffic* that a ledger has seen, else as *spec* says."""
    stated = Mix(input_per_output=spec.catalog.price_ratio, source="catalog.price_ratio")
    return (traffic.mix if traffic else None) or stated


def upgrades(
    present: PresentFile,
    spec: HubSpec,
    selections: Collection[Selection],
    models: Mapping[str, CanonicalModel],
    *,
    former: Mapping[str, CanonicalModel] | None,
    sources: Collection[SourceState] = (),
    traffic: Mapping[str, Traffic] | None = None,
) -> tuple[Upgrade, ...]:
    """Every role of *present*, with what *selections*, made from *models* now, offer in its place.

    *former* are the models of the catalog that the file was made from, where it is still to be had: without them
    nothing can be said of prices that changed. *traffic*, by role, is what a ledger has seen of late.
    """
    chosen = {selection.need.role: selection for selection in selections}
    dates = {state.name: state.as_of or state.fetched_at or "" for state in sources}
    seen = traffic or {}
    return tuple(
        evolve(
            _upgrade(name, role, chosen.get(name), mix_of(seen.get(name), spec), models, former, dates),
            traffic=seen.get(name),
        )
        for name, role in entries(present.values, "roles").items()
        if isinstance(role, Mapping)
    )


def applied(present: PresentFile, proposed: Mapping[str, Any], roles: Collection[str]) -> Mapping[str, Any]:
    """The values of *present* with *roles* as *proposed* has them; all the rest stays, stamps included.

    A file that nobody had edited counts as not edited afterwards, too; one that then decides all that is *proposed*
    bears its stamps.
    """
    values = dict(present.values)
    untouched = present.stamps.get("content") == content_hash(values)
    carried = carry(proposed, present.values)
    values["roles"] = {
        name: carried["roles"][name] if name in roles else role
        for name, role in dict(present.values.get("roles") or {}).items()
    }
    known = dict(present.values.get("providers") or {})
    needed = {str(one.get("provider")) for name in roles for one in _targets(values["roles"][name])}
    added = {name: one for name, one in carried.get("providers", {}).items() if name in needed and name not in known}
    values["providers"] = {**known, **added}
    if content_hash(values) == content_hash(carried):
        return carried
    if untouched:
        values["generated"] = {**present.stamps, "content": content_hash(values)}
    return values


def _upgrade(
    name: str,
    role: Mapping[str, Any],
    selection: Selection | None,
    mix: Mix,
    models: Mapping[str, CanonicalModel],
    former: Mapping[str, CanonicalModel] | None,
    dates: Mapping[str, str],
) -> Upgrade:
    present = target(role)
    events = tuple(
        event
        for canonical_id in dict.fromkeys(map(target, _targets(role)))
        for event in _events(canonical_id, models, former, dates)
    )
    if selection is None or is_pinned(role) or selection.chosen.canonical_id == present:
        return Upgrade(
            role=name, present=present, offered=None, effect=None, mix=mix, pinned=is_pinned(role), events=events
        )
    offered = selection.chosen
    return Upgrade(
        role=name,
        present=present,
        offered=offered.canonical_id,
        effect=Effect(
            before=standing(present, models.get(present), mix), after=standing(offered.canonical_id, offered, mix)
        ),
        mix=mix,
        fit=(_fit(present, selection.ranked), _fit(offered.canonical_id, selection.ranked)),
        quality=(_quality(present, selection.ranked), _quality(offered.canonical_id, selection.ranked)),
        reason=selection.reason,
        events=events,
    )


def _targets(role: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield role
    fallbacks = role.get("fallbacks")
    for fallback in fallbacks if isinstance(fallbacks, list | tuple) else ():
        if isinstance(fallback, Mapping):
            yield fallback


def _fit(canonical_id: str, ranked: Collection[Candidate]) -> float | None:
    return next((one.score for one in ranked if one.model.canonical_id == canonical_id), None)


def _quality(canonical_id: str, ranked: Collection[Candidate]) -> str:
    notes = (
        part.note
        for one in ranked
        if one.model.canonical_id == canonical_id
        for part in one.contributions
        if part.criterion == "quality"
    )
    return next(notes, "")


# --- what became of a model -----------------------------------------------------------------------------------------


def _events(
    canonical_id: str,
    models: Mapping[str, CanonicalModel],
    former: Mapping[str, CanonicalModel] | None,
    dates: Mapping[str, str],
) -> Iterator[Event]:
    model = models.get(canonical_id)
    if model is None:
        provider = canonical_id.partition(":")[0]
        if any(known.startswith(f"{provider}:") for known in models):
            detail = f"the catalog knows no {canonical_id}, and forgets none that it knew"
            yield Event(kind="unknown", model=canonical_id, detail=detail, source="catalog", date="")
        return
    if model.retired_on is not None:
        source = _source(model, "model_id")
        detail = "no source lists it any longer"
        yield Event(kind="vanished", model=canonical_id, detail=detail, source=source, date=model.retired_on)
    elif model.status in ("deprecated", "retired"):
        source = _source(model, "status")
        date = _date(model, "status", dates)
        yield Event(kind="deprecated", model=canonical_id, detail=str(model.status), source=source, date=date)
    before = former.get(canonical_id) if former is not None else None
    if before is not None and _prices(before) != _prices(model):
        detail = f"{_written(before)} before, {_written(model)} now"
        source, date = _source(model, "price"), _date(model, "price", dates)
        yield Event(kind="repriced", model=canonical_id, detail=detail, source=source, date=date)


def _prices(model: CanonicalModel) -> tuple[object, ...]:
    return model.price_state, model.price_input_per_million, model.price_output_per_million


def _written(model: CanonicalModel) -> str:
    if model.price_state != "known":
        return "included in a plan" if model.price_state == "included" else "unknown"
    sides = ((model.price_input_per_million, "in"), (model.price_output_per_million, "out"))
    return " / ".join(f"${price:g} {side}" for price, side in sides if price is not None) or "unknown"


def _source(model: CanonicalModel, field: str) -> str:
    found = [origin.source for origin in model.provenance if origin.field == field]
    return ", ".join(dict.fromkeys(found)) or "unknown"


def _date(model: CanonicalModel, field: str, dates: Mapping[str, str]) -> str:
    """The day of the data that says so, else of its download."""
    origin = next((one for one in model.provenance if one.field == field), None)
    return ((origin.as_of or dates.get(origin.source, "")) if origin else "")[:10]
