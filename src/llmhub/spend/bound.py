"""The most that a call can cost, before it is sent. Pure.

    input tokens  <=  bytes of the request     a token of text is at least one byte
    output tokens <=  max_tokens x n           or the model's longest output
    dollars       <=  tokens x dearest rate    over all tiers that the input can reach, and all lists of prices

What has no such bound (pictures, sound, what the provider remembers from before) is bounded by the model's context
window. Where even that is unknown, no bound is made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from attrs import evolve, frozen

from llmhub.errors import UnboundedCallError
from llmhub.records.calls import Method, Usage
from llmhub.records.model import CanonicalModel
from llmhub.spend.rates import PER_MILLION, Rates, TokenRates

__all__ = ["most_dollars", "request_of"]

FRAMING = 200
"""Tokens that a provider may put around a request beyond its bytes: the frame of a chat, a preamble."""
FRAMING_OF_TOOLS = 1000
"""The same where tools are given: Anthropic documents up to 804 tokens of instructions."""

_TEXT_PARTS = frozenset(
    {
        "text",
        "input_text",
        "output_text",
        "summary_text",
        "refusal",
        "message",
        "reasoning",
        "thinking",
        "redacted_thinking",
        "tool_use",
        "tool_result",
        "function",
        "function_call",
        "function_call_output",
        "ephemeral",  # of a cache_control
    }
)
_REMEMBERED = frozenset({"previous_response_id", "conversation", "prompt", "container"})
_PLAIN_TIERS = frozenset({None, "auto", "default", "standard", "standard_only", "flex", "batch"})
_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
_WITHOUT_OUTPUT: frozenset[Method] = frozenset({"embedding", "moderation"})
_WITH_OUTPUT: frozenset[Method] = frozenset({"completion", "responses", "messages"})


@frozen(kw_only=True)
class Request:
    """What a call is about to send: enough to bound it. `text` is all of it as JSON."""

    method: Method
    params: Mapping[str, Any]
    text: str
    is_text_alone: bool

    @property
    def bytes(self) -> int:
        """How long it is in UTF-8."""
        return len(self.text) if self.text.isascii() else len(self.text.encode())

    @property
    def writes_to_a_cache(self) -> bool:
        """Whether it asks for anything to be cached: without, nothing is charged as a cache write."""
        return '"cache_control"' in self.text

    @property
    def may_answer_with_sound(self) -> bool:
        """Whether it asks for another form of answer than text."""
        return "audio" in self.params or "modalities" in self.params


def request_of(method: Method, payload: Any, params: Mapping[str, Any]) -> Request:
    """What is sent with *payload* and *params*."""
    stranger = _Stranger()
    text = json.dumps([payload, params], default=stranger, ensure_ascii=False, skipkeys=True)
    # Nothing that is no text goes without saying of what type it is, or is a stranger to JSON.
    is_text = not stranger.met and ('"type"' not in text or all(map(_is_text, _parts(payload))))
    alone = is_text and _REMEMBERED.isdisjoint(params)
    return Request(method=method, params=params, text=text, is_text_alone=alone)


def ruled_out(usage: Usage, request: Request) -> Usage:
    """*usage* with what the request rules out as zero, where the provider does not say: it cannot have been used."""
    if usage.cache_write_tokens is None and not request.writes_to_a_cache:
        usage = evolve(usage, cache_write_tokens=0)
    if usage.audio_input_tokens is None and request.is_text_alone:
        usage = evolve(usage, audio_input_tokens=0)
    if usage.audio_output_tokens is None and not request.may_answer_with_sound:
        usage = evolve(usage, audio_output_tokens=0)
    return usage


def most_dollars(request: Request, name: str, model: CanonicalModel | None, published: Sequence[Rates]) -> Decimal:
    """US dollars that *request* can cost at most; *name* is the model's, for the message.

    Raises:
        UnboundedCallError: nobody can say. The message says why, and what to set.
    """
    if not published:
        raise UnboundedCallError(
            f"no price of {name} is known. State it in llmhub.overrides.yaml, under models, {name}, facts, price, "
            "with `pin: true` where no source lists the model; or run `llmhub catalog refresh`"
        )
    _check_fees(request, name, published)
    given, made = _most_input(request, name, model), _most_output(request, name, model)
    asked = _Asked(request.writes_to_a_cache, not request.is_text_alone, request.may_answer_with_sound)
    return max([_dollars(rates, asked, given, made) for rates in published])


def _check_fees(request: Request, name: str, published: Sequence[Rates]) -> None:
    fees = {fee for rates in published for fee in rates.beside_tokens}
    if fees:
        raise UnboundedCallError(f"{name} charges for {', '.join(sorted(fees))} beside its tokens. Use another model")
    for tool in request.params.get("tools") or ():
        if isinstance(tool, Mapping) and tool.get("type", "custom") not in ("function", "custom"):
            raise UnboundedCallError(
                f"the tool {tool.get('type')!r} is run, and charged for, by the provider. Leave it out"
            )
    if request.params.get("service_tier") not in _PLAIN_TIERS:
        raise UnboundedCallError(f"service_tier {request.params['service_tier']!r} has prices of its own. Leave it out")


def _most_input(request: Request, name: str, model: CanonicalModel | None) -> int:
    if request.is_text_alone:
        tools = FRAMING_OF_TOOLS if request.params.get("tools") else 0
        return request.bytes + FRAMING + tools
    window = model and (model.max_input_tokens or model.context_tokens)
    if not window:
        raise UnboundedCallError(
            f"the input is more than text, and the context window of {name} is not known. "
            "Run `llmhub catalog refresh`, or state context_tokens in llmhub.overrides.yaml"
        )
    return window


def _most_output(request: Request, name: str, model: CanonicalModel | None) -> int:
    if request.method in _WITHOUT_OUTPUT:
        return 0
    if request.method not in _WITH_OUTPUT:
        raise UnboundedCallError(f"{request.method} is not charged by tokens alone. Take its role out of the budget")
    limits = [value for key in _LIMITS if isinstance(value := request.params.get(key), int) and value > 0]
    longest = max(limits) if limits else model and model.max_output_tokens
    if not longest:
        raise UnboundedCallError(
            f"nothing bounds the output: set max_tokens in the params of the role (the longest output of {name} is "
            "not known)"
        )
    choices = request.params.get("n")
    return longest * (choices if isinstance(choices, int) and choices > 1 else 1)


class _Asked(NamedTuple):
    """What a request asks for that has rates of its own."""

    caches: bool
    more_than_text: bool
    sound: bool


def _dollars(rates: Rates, asked: _Asked, given: int, made: int) -> Decimal:
    tiers = sum([given > above for above, _ in rates.tiers]) if rates.tiers else 0
    dearest_input, dearest_output = _dearest(rates, tiers, asked)
    if dearest_input is None or (made and dearest_output is None):
        raise UnboundedCallError("only a part of the model's price is known. Run `llmhub catalog refresh`")
    return (given * dearest_input + made * (dearest_output or 0)) / PER_MILLION


@lru_cache(maxsize=512)
def _dearest(rates: Rates, tiers: int, asked: _Asked) -> tuple[Decimal | None, Decimal | None]:
    """The dearest rates of input and output over the base and the first *tiers*; `None` where none is known.

    Kept, since most calls of a program ask the same: decimals are slow to compare.
    """
    reachable = [rates.base, *(rate.over(rates.base) for _, rate in rates.tiers[:tiers])]
    given = [rate for one in reachable for rate in _input_rates(one, asked) if rate is not None]
    made = [rate for one in reachable for rate in _output_rates(one, asked) if rate is not None]
    return max(given, default=None), max(made, default=None)


def _input_rates(rates: TokenRates, asked: _Asked) -> Iterable[Decimal | None]:
    yield from (rates.input, rates.cache_read)
    if asked.caches:
        # Anthropic's dearest: what is kept for an hour costs twice the plain rate.
        yield from (rates.cache_write, rates.cache_write_long, rates.input and 2 * rates.input)
    if asked.more_than_text:
        yield rates.input_audio


def _output_rates(rates: TokenRates, asked: _Asked) -> Iterable[Decimal | None]:
    yield from (rates.output, rates.reasoning)
    if asked.sound:
        yield rates.output_audio


class _Stranger:
    """Writes what JSON does not know, and remembers that it met what it cannot measure."""

    def __init__(self) -> None:
        self.met = False

    def __call__(self, value: Any) -> Any:
        dump = getattr(value, "model_dump", None)
        if dump is not None and not isinstance(value, type):
            return dump(exclude_none=True)
        schema = getattr(value, "model_json_schema", None)
        if schema is not None:
            return [schema(), schema()]  # providers are sent a stricter form, which is longer
        if isinstance(value, Mapping):
            return dict(value)
        if isinstance(value, Decimal):
            return str(value)
        self.met = True
        return repr(value)


def _parts(payload: Any) -> Iterable[Any]:
    """Every mapping within *payload* that says of what type it is."""
    if isinstance(payload, Mapping):
        if "type" in payload:
            yield payload
        if "function" not in payload:  # a call of a tool: its arguments are text
            for value in payload.values():
                yield from _parts(value)
    elif isinstance(payload, list | tuple):
        for value in payload:
            yield from _parts(value)
    elif hasattr(payload, "model_dump") and not isinstance(payload, type):
        yield from _parts(payload.model_dump(exclude_none=True))
    elif isinstance(payload, bytes):
        yield {"type": "bytes"}


def _is_text(part: Mapping[str, Any]) -> bool:
    return part["type"] in _TEXT_PARTS
