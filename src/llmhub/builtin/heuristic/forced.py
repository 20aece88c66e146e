"""`force_model`: the user has chosen. The model is taken as named, and what speaks against it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from llmhub.builtin.heuristic.appraise import Appraised
from llmhub.builtin.heuristic.filter import objections
from llmhub.errors import SelectionError, nearest
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Need
from llmhub.records.spec import ProviderSpec


@frozen
class Forced:
    """The models a forced name means: one per provider that has it, or one that no catalog knows."""

    known: tuple[Appraised, ...] = ()
    unknown: CanonicalModel | None = None


def force(appraised: Sequence[Appraised], need: Need, declared: Mapping[str, ProviderSpec]) -> Forced:
    """What `need.force_model` means at the providers of *need*.

    At a named endpoint whose models no catalog knows the name is taken as it stands.

    Raises:
        SelectionError: no such model there; names the nearest.
    """
    name = need.force_model or ""
    here = [one for one in appraised if one.model.provider in need.providers]
    found = tuple(one for one in here if name in (one.model.model_id, one.model.canonical_id))
    if found:
        return Forced(known=found)
    uncharted = [
        provider
        for provider in need.providers
        if _is_endpoint(declared.get(provider)) and all(one.model.provider != provider for one in here)
    ]
    if len(uncharted) == 1 and (need.force_provider or len(need.providers) == 1):
        return Forced(unknown=_uncharted(uncharted[0], name))
    raise SelectionError(need.role, _not_found(name, need, appraised, uncharted))


def warnings_about(one: Appraised, need: Need) -> tuple[str, ...]:
    """What speaks against a forced model, in sentences for the user."""
    against = objections(one, need, without=("provider",))
    return tuple(f"{one.model.canonical_id} is forced, though: {objection}" for objection in against)


def _is_endpoint(declaration: ProviderSpec | None) -> bool:
    return declaration is not None and bool(declaration.api_base or declaration.type)


def _uncharted(provider: str, name: str) -> CanonicalModel:
    return CanonicalModel(canonical_id=f"{provider}:{name}", provider=provider, model_id=name)


def _not_found(name: str, need: Need, appraised: Sequence[Appraised], uncharted: Sequence[str]) -> str:
    providers = ", ".join(need.providers)
    ids = [one.model.model_id for one in appraised if one.model.provider in need.providers]
    told = f"`force_model: {name}`: the catalog knows no such model of {providers}."
    if close := nearest(name, ids):
        told += f" Did you mean {close!r}?"
    if uncharted:
        return f"{told} If it is at {uncharted[0]}, say so with `force_provider: {uncharted[0]}`."
    if not ids:
        return f"{told} It knows none of theirs: is the provider's name right, and the catalog up to date?"
    elsewhere = sorted({one.model.provider for one in appraised if one.model.model_id == name})
    return f"{told} It is known at {', '.join(elsewhere[:5])}." if elsewhere else told
