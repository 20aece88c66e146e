"""Asks every provider that answers from here for its models."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llmhub.anyllm.discovery import TELLING_VARIABLES, list_provider_models, running_servers, worth_asking
from llmhub.anyllm.providers import PROVIDERS
from llmhub.records.context import SourceContext
from llmhub.records.model import ModelRecord, ProviderListing, SourceLoad

TIME_LIMIT = 15.0
"""Seconds one provider has to list its models. All are asked at once."""

Ask = Callable[[Mapping[str, str], tuple[str, ...], float], tuple[ProviderListing, ...]]


def load(
    context: SourceContext, ask: Ask = list_provider_models, running: Callable[[], tuple[str, ...]] = running_servers
) -> SourceLoad:
    """One listing per provider, and one record without facts per model that a provider lists.

    Providers without a key in the environment are told of and not contacted; offline, none is. Local servers are asked
    when the environment has their address, or they run where they usually do.
    """
    wanted = context.providers or tuple(PROVIDERS)
    known = tuple(name for name in wanted if name in PROVIDERS)
    reachable = {*worth_asking(context.environ), *(() if context.offline else running())}
    # A local server is worth asking when someone names it, though nothing in the environment tells of it.
    asked = tuple(
        name for name in known if name in reachable or (name in context.providers and not PROVIDERS[name].env_keys)
    )
    answers: dict[str, ProviderListing] = {}
    if asked and not context.offline:
        context.progress(f"anyllm: asking {', '.join(asked)}")
        answers = {listing.provider: listing for listing in ask(context.environ, asked, TIME_LIMIT)}
    listings = tuple(answers.get(name) or _not_asked(name, offline=name in asked) for name in known)
    asked_at = context.now().isoformat(timespec="seconds") if answers else None
    return SourceLoad(
        records=tuple(
            ModelRecord(source="anyllm", provider=listing.provider, model_id=model_id)
            for listing in listings
            for model_id in dict.fromkeys(_model_id(listing.provider, name) for name in listing.models)
        ),
        listings=listings,
        as_of=asked_at,
        fetched_at=asked_at,
    )


def _not_asked(provider: str, *, offline: bool) -> ProviderListing:
    if offline:
        return ProviderListing(provider=provider, outcome="unreachable", detail="offline: not asked")
    if keys := PROVIDERS[provider].env_keys:
        detail = f"set {' or '.join(keys)}"
    elif variable := TELLING_VARIABLES.get(provider):
        detail = f"not asked: set {variable}, if it is to be"
    else:
        detail = "not asked: it finds its credentials by itself, if there are any"
    return ProviderListing(provider=provider, outcome="no_key", detail=detail)


def _model_id(provider: str, listed: str) -> str:
    """The id to call a model by; Gemini's list writes `models/` before it."""
    return listed.removeprefix("models/") if provider == "gemini" else listed
