"""What a response says of the call in its headers, and a stream in its last comment. Pure."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from llmhub_server.gateway.problem import Problem
from llmhub_server.gateway.witness import Witness

if TYPE_CHECKING:
    from llmhub.records.calls import CallResult

Headers = list[tuple[bytes, bytes]]

_PLAIN = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")


@lru_cache(maxsize=4096)
def safe(text: str) -> bytes:
    """*text* as the value of a header: whatever is not printable ASCII is percent-encoded, line ends above all."""
    return quote(text, safe=_PLAIN).encode()


def about_call(witness: Witness, call_id: str, role: str | None) -> Headers:
    """Which call it was, and who answers it, as far as is known by now."""
    headers = [(b"x-llmhub-call-id", call_id.encode())]
    if role is not None:
        headers.append((b"x-llmhub-role", safe(role)))
    call, result = witness.call, witness.result
    if call is not None:
        headers.append((b"x-llmhub-target", safe(f"{call.provider}:{call.model}")))
        if call.variant is not None:
            headers.append((b"x-llmhub-variant", safe(call.variant)))
        headers.append((b"x-llmhub-attempts", b"%d" % witness.attempts))
    if result is not None:
        if result.cached:
            headers.append((b"x-llmhub-cached", b"true"))
        name, dollars = _price(result)
        if dollars is not None:
            headers.append((name, dollars.encode()))
    return headers


def about_problem(problem: Problem) -> Headers:
    """When to ask again, and whether."""
    headers: Headers = []
    if problem.retry_after is not None:
        headers.append((b"retry-after", b"%d" % max(1, math.ceil(problem.retry_after))))
    if problem.hopeless:
        # OpenAI's and Anthropic's clients mind it, and would else repeat a 429 or 5xx that stays as it is.
        headers.append((b"x-should-retry", b"false"))
    return headers


def last_comment(witness: Witness) -> bytes:
    """What came of a stream, as an SSE comment, which every client passes over."""
    result = witness.result
    if result is None:
        return b""
    told: dict[str, Any] = {"target": f"{result.provider}:{result.model}", "attempts": len(result.attempts)}
    name, dollars = _price(result)
    if dollars is not None:
        told["cost" if name == b"x-llmhub-cost" else "cost_estimate"] = dollars
    if result.usage is not None:
        told["usage"] = {name: getattr(result.usage, name) for name in _COUNTED}
    return f": llmhub {json.dumps(told)}\n\n".encode()


_COUNTED = ("input_tokens", "output_tokens", "cached_input_tokens", "reasoning_tokens")


def _price(result: CallResult) -> tuple[bytes, str | None]:
    """The header and the dollars: exact where everything is known, else an estimate under another name, else none."""
    cost = result.priced
    name = b"x-llmhub-cost" if cost.complete else b"x-llmhub-cost-estimate"
    return name, None if cost.dollars is None else _plain(cost.dollars)


def _plain(dollars: Decimal) -> str:
    return f"{dollars.normalize():f}"


def plain_headers(content_type: bytes, length: int, more: Headers) -> Headers:
    """The headers of a body that is sent whole."""
    return [(b"content-type", content_type), (b"content-length", b"%d" % length), *more]
