"""Whether a generator may ask a model for help, and which: what the command line and the environment say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.records.selection import Assistance
    from llmhub.records.spec import HubSpec

MODEL_VARIABLE = "LLMHUB_LLM_MODEL"
"""What `--llm-model` says when it is not given, so that every command means the same model."""


def asking(session: Session, spec: HubSpec, model: str | None) -> Assistance:
    """A model may be asked: *model* (`PROVIDER:MODEL`), else that of `LLMHUB_LLM_MODEL`, else the generator's choice.

    Raises:
        click.UsageError: nobody would ask *model*, or it names no model of a provider in use.
    """
    from llmhub.catalog.refresh import is_offline
    from llmhub.config.paths import cache_dir
    from llmhub.generate import DEFAULT_GENERATOR
    from llmhub.records.selection import Assistance

    if model is not None and spec.generator == DEFAULT_GENERATOR:
        raise click.UsageError("--llm-model: nothing would ask it. Write `generator: llm` into the spec.")
    named = model or session.environ.get(MODEL_VARIABLE) or None
    if named is not None and spec.generator != DEFAULT_GENERATOR:
        _check(named, spec, "--llm-model" if model else MODEL_VARIABLE)
    return Assistance(
        model=named,
        reach="this machine" if is_offline(session.environ) else "anywhere",
        cache_dir=cache_dir(session.environ),
    )


def kept_answers(session: Session, model: str | None = None) -> Assistance:
    """No model is asked, and what *model*, or else that of `LLMHUB_LLM_MODEL`, answered before may be used.

    For commands that look and do not write.
    """
    from llmhub.config.paths import cache_dir
    from llmhub.records.selection import Assistance

    named = model or session.environ.get(MODEL_VARIABLE) or None
    return Assistance(model=named, reach="nowhere", cache_dir=cache_dir(session.environ))


def _check(named: str, spec: HubSpec, origin: str) -> None:
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.errors import nearest

    provider, _, model = named.partition(":")
    if not provider or not model:
        raise click.UsageError(f"{origin}: {named!r} is no PROVIDER:MODEL, such as openai:gpt-4.1-mini.")
    declared = spec.providers.get(provider)
    if declared is None and provider not in PROVIDER_NAMES:
        raise click.UsageError(f"{origin}: no provider {provider!r}.{_meant(nearest(provider, _names(spec)))}")
    if declared is not None and not declared.enabled:
        raise click.UsageError(f"{origin}: the provider {provider!r} is switched off in the spec.")


def _names(spec: HubSpec) -> Sequence[str]:
    from llmhub.anyllm.providers import PROVIDER_NAMES

    return [*spec.providers, *PROVIDER_NAMES]


def _meant(close: str | None) -> str:
    return f" Did you mean {close!r}?" if close else ""
