"""A finished call as the ledger keeps it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from llmhub.records.calls import Attempt, CallResult, Usage
from llmhub.records.foreign import well_formed
from llmhub.records.spending import AttemptEntry, Cost, EntryStatus, LedgerEntry

PriceCall = Callable[[str, str, Usage | None, datetime], Cost]
"""Provider, model, usage and time to what it cost."""

FREE = Cost(dollars=Decimal(0), complete=True, at_most=Decimal(0))
UNKNOWN_BILL = Cost(note="it broke off, and may have been billed")

_MAYBE_BILLED = frozenset({"CallTimeoutError", "UnreachableError", "InterruptedStreamError", "CancelledError"})
"""What ends an attempt after the provider may have begun to work; a refusal with a status is not billed."""


def entry_of(
    result: CallResult, ended_at: datetime, price: PriceCall, *, prompt: str | None = None, keep_answer: bool = False
) -> LedgerEntry:
    """What the ledger keeps of *result*, which ended at *ended_at*."""
    at = ended_at - timedelta(seconds=result.latency)
    attempts = tuple(_attempt_entry(attempt, result, at, price) for attempt in result.attempts)
    return LedgerEntry(
        call_id=result.call_id,
        at=at,
        project=result.project,
        environment=result.environment,
        role=well_formed(result.role),
        variant=result.variant,
        provider=result.provider,
        model=result.model,
        mode=result.mode,
        method=result.method,
        status=_status(result),
        error_class=type(result.error).__name__ if result.error is not None else None,
        stream=result.stream,
        cached=result.cached,
        latency=result.latency,
        time_to_first_chunk=result.time_to_first_chunk,
        usage=result.usage,
        cost=FROM_CACHE if result.cached else total_cost(entry.cost for entry in attempts),
        user_hash=hash_of(result.user, result.project),
        labels={well_formed(str(name)): well_formed(str(value)) for name, value in result.labels.items()},
        attempts=attempts,
        prompt=None if prompt is None else well_formed(prompt),
        answer=well_formed(text_of(result.response)) if keep_answer and result.response is not None else None,
    )


FROM_CACHE = Cost(dollars=Decimal(0), source="cache", complete=True, at_most=Decimal(0))


def hash_of(user: str | None, project: str) -> str | None:
    """A name for *user* by which their calls can be told together and not who they are; another in each project."""
    if user is None:
        return None
    return hashlib.blake2b(_bytes(user), digest_size=16, person=b"llmhub.user", key=_bytes(project)[:64]).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def text_of(content: Any) -> str:
    """Messages, texts or an answer as text, for whoever asked for them to be kept."""
    if isinstance(content, str):
        return content
    if isinstance(content, bytes):
        return f"<{len(content)} bytes>"
    dump = getattr(content, "model_dump_json", None)
    return str(dump()) if dump else json.dumps(content, default=text_of, ensure_ascii=False)


def attempt_cost(attempt: Attempt, usage: Usage | None, at: datetime, price: PriceCall) -> Cost:
    """What one try cost: what it used, nothing where nothing was sent or the provider refused, else unknown."""
    if attempt.status == "skipped":
        return FREE
    if usage is not None or attempt.status == "ok":
        return price(attempt.provider, attempt.model, usage, at)
    maybe = attempt.error_class in _MAYBE_BILLED or (
        attempt.error_class == "ProviderError" and attempt.status_code is None
    )
    return UNKNOWN_BILL if maybe else FREE


def total_cost(costs: Iterable[Cost]) -> Cost:
    """The costs of a call's attempts together: unpriced when one that answered is, an estimate when one may be owed."""
    told = list(costs)
    if len(told) < 2:
        return told[0] if told else FREE
    priced = [cost for cost in told if cost.dollars is not None]
    if not priced or any(cost.dollars is None and cost is not UNKNOWN_BILL for cost in told):
        return next(cost for cost in reversed(told) if cost.dollars is None)
    bounds = [cost.at_most for cost in told]
    return Cost(
        dollars=sum((cost.dollars for cost in priced if cost.dollars is not None), Decimal(0)),
        source=next((cost.source for cost in reversed(priced) if cost.source), None),
        complete=all(cost.complete for cost in told),
        at_most=None if None in bounds else sum((bound for bound in bounds if bound is not None), Decimal(0)),
        note="; ".join(dict.fromkeys(cost.note for cost in told if cost.note)),
    )


def _attempt_entry(attempt: Attempt, result: CallResult, at: datetime, price: PriceCall) -> AttemptEntry:
    usage = attempt.usage or (result.usage if attempt is result.attempts[-1] else None)
    return AttemptEntry(
        number=attempt.number,
        provider=attempt.provider,
        model=attempt.model,
        status=attempt.status,
        began=attempt.began,
        duration=attempt.duration,
        status_code=attempt.status_code,
        error_class=attempt.error_class,
        usage=usage,
        cost=attempt_cost(attempt, usage, at, price),
    )


def _status(result: CallResult) -> EntryStatus:
    if result.success:
        return "ok"
    if isinstance(result.error, Exception):
        return "refused" if all(attempt.status == "skipped" for attempt in result.attempts) else "failed"
    return "cancelled"
