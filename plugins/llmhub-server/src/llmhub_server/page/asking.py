"""One prompt to several models at once, through a hub made for it; what it can cost at most, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from llmhub.errors import CallError, HubError
from llmhub.errors.calls import UnboundedCallError
from llmhub.records.config import HubConfig, ProviderConfig, Retry, RoleConfig

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.records.calls import CallResult
    from llmhub.records.model import CanonicalModel
    from llmhub.spend.pricing import Pricing

TIME_LIMIT = 120.0
"""Seconds for one answer."""


@frozen(kw_only=True)
class Question:
    """What is asked: the `prompt`, and the tokens that an answer may have at most."""

    prompt: str
    max_tokens: int


@frozen(kw_only=True)
class Bound:
    """What a question costs at most at one model, in US dollars; `None` where nobody can say, and then `why`."""

    dollars: Decimal | None
    why: str = ""


@frozen(kw_only=True)
class Answer:
    """What came of a question. Seconds; `error` says why there is no answer, or why it ends where it ends."""

    text: str = ""
    first: float | None = None
    total: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: Decimal | None = None
    note: str = ""
    error: str = ""


def asking_config(
    project: HubConfig | None, name: str, models: Sequence[CanonicalModel], question: Question
) -> HubConfig:
    """A role of its own for each of *models*, under its id, each tried once.

    Providers, ledger and budgets are those of the *project*'s configuration, where there is one: what is spent here
    counts there. *name* is the project's without one.
    """
    used = project or HubConfig(project=name)
    providers = {model.provider: ProviderConfig() for model in models} | dict(used.providers)
    roles = {
        model.canonical_id: RoleConfig(
            provider=model.provider,
            model=model.model_id,
            params={"max_tokens": question.max_tokens},
            retry=Retry(attempts=1),
            timeout=TIME_LIMIT,
        )
        for model in models
    }
    return evolve(used, providers=providers, roles=roles, defaults=None)


def missing(config: HubConfig, environ: Mapping[str, str]) -> dict[str, str]:
    """The providers of *config* whose key is not in *environ*, each with the variable that should hold it."""
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.keys import missing_keys

    return missing_keys(config, environ, DEFAULT_ENV_KEYS)


def bound(model: CanonicalModel, question: Question, pricing: Pricing) -> Bound:
    """What *question* can cost at most at *model*."""
    from llmhub.spend.bound import most_dollars, request_of

    rates = pricing.rates(model.provider, model.model_id, datetime.now(UTC))
    sent = request_of("completion", _messages(question), {"max_tokens": question.max_tokens})
    try:
        return Bound(dollars=most_dollars(sent, model.canonical_id, model, rates))
    except UnboundedCallError as error:
        return Bound(dollars=None, why=str(error))


async def ask(
    hub: Hub, heard: Mapping[str, CallResult], role: str, question: Question, say: Callable[[str], None]
) -> Answer:
    """Ask *role* once; *say* is told all of the text so far, whenever more of it has come.

    *heard* is where the hub's `on_after_call` keeps the last result of each role. Nothing is raised for what a
    provider or a file does wrong.
    """
    began = time.monotonic()
    text, first = "", None
    error = ""
    try:
        chunks = await hub.acompletion(role, _messages(question), stream=True, stream_options={"include_usage": True})
        async for chunk in chunks:
            piece = chunk.choices[0].delta.content if chunk.choices else None
            if piece:
                first = first or time.monotonic()
                text += piece
                say(text)
    except HubError as problem:
        error = problem.message if isinstance(problem, CallError) else str(problem)
    answer = Answer(text=text, total=time.monotonic() - began, error=error)
    if first is not None:
        answer = evolve(answer, first=first - began)
    result = heard.get(role)
    if result is None or result.usage is None:
        return answer
    priced = result.priced
    return evolve(
        answer,
        input_tokens=result.usage.input_tokens,
        output_tokens=result.usage.output_tokens,
        cost=priced.dollars,
        note=priced.note,
    )


def _messages(question: Question) -> list[dict[str, str]]:
    return [{"role": "user", "content": question.prompt}]
