"""Providers in use: package installed, reached, key accepted, and the models in use among those they list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from llmhub.cli.commands.doctor.examined import Examined
from llmhub.records.config import HubConfig
from llmhub.records.contributions import Finding, Severity
from llmhub.records.model import ListingOutcome, ProviderListing

PATIENCE = 10.0
"""Seconds for each provider; they are asked side by side."""

_SEVERITIES: Mapping[ListingOutcome, Severity] = {
    "listed": "ok",
    "unsupported": "ok",
    "no_extra": "error",
    "refused": "error",
    "unreachable": "error",
}


def check(examined: Examined) -> Iterator[Finding]:
    """What each provider answers when asked for its models. Without network, nothing."""
    if examined.config is None or not examined.network:
        return
    from llmhub.anyllm.discovery import list_provider_models

    used = models_in_use(examined.config)
    listings = list_provider_models(examined.environ, list(used), PATIENCE, examined.config.providers)
    for listing in listings:
        if listing.outcome in _SEVERITIES:  # a missing key is told with the keys
            yield _finding(listing)
        yield from _unlisted(listing, used[listing.provider])


def models_in_use(config: HubConfig) -> Mapping[str, tuple[str, ...]]:
    """The models that any role may call, by provider, in the order of the file."""
    found: dict[str, dict[str, None]] = {}
    for role in [*config.roles.values(), *([config.defaults] if config.defaults else [])]:
        found.setdefault(role.provider, {})[role.model] = None
        for fallback in role.fallbacks:
            found.setdefault(fallback.provider, {})[fallback.model] = None
    return {provider: tuple(models) for provider, models in found.items()}


def _finding(listing: ProviderListing) -> Finding:
    severity = _SEVERITIES[listing.outcome]
    told = {
        "listed": f"answers, and lists {listing.detail}",
        "unsupported": "lists no models, so it was not asked",
    }.get(listing.outcome, listing.detail)
    remedy = {
        "no_extra": "",  # the message names the package
        "refused": "Look at the key in the provider's console: expired, of another account, or out of money.",
        "unreachable": "Look at the network, the proxy and `api_base`; then at the provider's status page.",
    }.get(listing.outcome, "")
    return Finding(
        check="providers",
        severity=severity,
        message=f"{listing.provider}: {told}",
        remedy=remedy,
        exit_code=3 if listing.outcome == "unreachable" else 1,
    )


def _unlisted(listing: ProviderListing, models: tuple[str, ...]) -> Iterator[Finding]:
    if listing.outcome != "listed":
        return
    # Some put a folder before the id: gemini lists models/gemini-2.5-pro.
    listed = {name.removeprefix("models/") for name in listing.models}
    for model in models:
        if model.removeprefix("models/") not in listed:
            yield Finding(
                check="providers",
                severity="warning",
                message=f"{listing.provider} does not list {model}, which a role uses",
                remedy="It may be gone, misspelt, or served without being listed: `llmhub test` tells.",
            )
