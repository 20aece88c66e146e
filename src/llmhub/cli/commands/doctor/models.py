"""The chosen models: known, live, and at the price they were chosen for."""

from __future__ import annotations

from collections.abc import Iterator

from llmhub.cli.commands.doctor.examined import Examined
from llmhub.cli.commands.doctor.providers import models_in_use
from llmhub.records.contributions import Finding
from llmhub.records.model import CanonicalModel


def check(examined: Examined) -> Iterator[Finding]:
    """Every model in use that the catalog says is deprecated or gone, or does not know."""
    config, catalog = examined.config, examined.catalog
    if config is None or catalog is None:
        return
    from llmhub.catalog.lifecycle import successor

    fine = []
    for provider, names in models_in_use(config).items():
        if provider in config.providers and config.providers[provider].api_base:
            continue  # an address of their own serves what it likes
        for name in names:
            model = catalog.models.get(f"{provider}:{name}")
            if model is None:
                yield _unknown(f"{provider}:{name}")
            elif model.status in ("deprecated", "retired"):
                after = successor(model, catalog.models)
                yield _ending(model, after.model.canonical_id if after else None)
            else:
                fine.append(model.canonical_id)
    if fine:
        yield Finding(check="models", severity="ok", message=f"live: {', '.join(fine)}")


def _unknown(name: str) -> Finding:
    return Finding(
        check="models",
        severity="warning",
        message=f"{name} is in no source of the catalog: misspelt, very new, or private",
        remedy=f"`llmhub catalog search {name.partition(':')[2]}` looks for its like.",
    )


def _ending(model: CanonicalModel, successor: str | None) -> Finding:
    gone = model.status == "retired"
    when = f" since {model.retired_on}" if gone and model.retired_on else ""
    after = f" Its line goes on with {successor}." if successor else ""
    return Finding(
        check="models",
        severity="error" if gone else "warning",
        message=f"{model.canonical_id} is {model.status}{when}.{after}",
        remedy="`llmhub upgrade` shows what could take its place, and what that costs.",
    )
