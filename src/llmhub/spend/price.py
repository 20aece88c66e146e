"""The price of one call, from the tokens it used and the model's rates. Pure."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from llmhub.records.calls import Usage
from llmhub.records.model import Price
from llmhub.records.spending import UNPRICED, Cost
from llmhub.spend.rates import PER_MILLION, Rates, TokenRates, rates_of

__all__ = ["price_of"]


def cost_of(usage: Usage | None, rates: Rates | None) -> Cost:
    """What *usage* costs at *rates*; unpriced where either does not tell enough. Unknown is never zero.

    What the provider itself says it charged wins over any list. Where a kind of token has a rate of its own and the
    usage does not tell how many there were, the cost is an estimate (`complete` is false): they count as plain tokens.

    >>> from llmhub.records.model import Price
    >>> from llmhub.spend.rates import rates_of
    >>> cost_of(Usage(input_tokens=1000, output_tokens=500), rates_of(Price(input=2.5, output=10.0))).dollars
    Decimal('0.0075')
    >>> cost_of(Usage(input_tokens=1000, output_tokens=500), rates_of(Price(input=2.5))).dollars is None
    True
    """
    if usage is not None and usage.cost is not None:
        return Cost(dollars=usage.cost, source="provider", complete=True, at_most=usage.cost)
    if usage is None:
        return Cost(note="the provider did not say what was used")
    if rates is None:
        return UNPRICED
    if usage.input_tokens is None:
        return Cost(note="the provider did not say how long the input was")
    at = rates.at(usage.input_tokens)
    sides = (_input(usage, usage.input_tokens, at), _output(usage, at))
    dollars, most, notes = Decimal(0), Decimal(0), []
    for side in sides:
        if side.dollars is None or side.most is None:
            return Cost(note=side.note)
        dollars, most = dollars + side.dollars, most + side.most
        notes += [side.note] if side.note else []
    if rates.beside_tokens:
        notes.append(f"the model charges for {', '.join(rates.beside_tokens)}, too, and that is not told")
    return Cost(
        dollars=dollars / PER_MILLION,
        source=rates.source,
        complete=not notes,
        at_most=None if rates.beside_tokens else most / PER_MILLION,
        note="; ".join(notes),
    )


def price_of(usage: Usage | None, price: Price | None) -> Decimal | None:
    """US dollars for *usage* at a catalog's *price*; `None` where either does not tell enough."""
    return cost_of(usage, rates_of(price) if price else None).dollars


@frozen(kw_only=True)
class _Side:
    """Input or output: dollars times a million, what they are at most, and what is not known."""

    dollars: Decimal | None = None
    most: Decimal | None = None
    note: str = ""


@frozen(kw_only=True)
class _Kind:
    """So many of the tokens are of this kind, at a rate of their own; `None`: nobody says how many.

    `own`: without a rate of its own it cannot be priced; otherwise the plain rate holds for it.
    """

    name: str
    tokens: int | None
    rate: Decimal | None
    own: bool = False


def _input(usage: Usage, tokens: int, rates: TokenRates) -> _Side:
    written, kept = usage.cache_write_tokens, usage.cache_write_long_tokens
    kinds = (
        _Kind(name="read from a cache", tokens=usage.cached_input_tokens, rate=rates.cache_read),
        _Kind(name="kept in a cache for an hour", tokens=kept if written else written, rate=rates.cache_write_long),
        _Kind(
            name="written to a cache",
            tokens=written if written is None else max(written - (kept or 0), 0),
            rate=rates.cache_write,
        ),
        _Kind(name="sound", tokens=usage.audio_input_tokens, rate=rates.input_audio, own=True),
    )
    return _side("input", tokens, rates.input, kinds)


def _output(usage: Usage, rates: TokenRates) -> _Side:
    tokens = usage.output_tokens
    if tokens is None and usage.input_tokens == usage.total_tokens:
        tokens = 0  # an embedding has no output, and says so in this way
    if tokens is None and not rates.output:
        return _Side(dollars=Decimal(0), most=Decimal(0))
    if tokens is None:
        return _Side(note="the provider did not say how long the output was")
    kinds = (
        _Kind(name="reasoning", tokens=usage.reasoning_tokens, rate=rates.reasoning),
        _Kind(name="sound", tokens=usage.audio_output_tokens, rate=rates.output_audio, own=True),
    )
    return _side("output", tokens, rates.output, kinds)


def _side(name: str, tokens: int, rate: Decimal | None, kinds: tuple[_Kind, ...]) -> _Side:
    """The dollars of one side: each kind at its rate, the rest at the plain *rate*."""
    priced = [kind for kind in kinds if kind.rate is not None and kind.tokens != 0]
    dollars, plain = Decimal(0), tokens
    notes: list[str] = []
    for kind in kinds:
        if kind.rate is None and kind.own and kind.tokens:
            return _Side(note=f"no rate for {name} that is {kind.name} is known")
    for kind in priced:
        if kind.tokens is None:
            notes += [f"it is not told how much of the {name} was {kind.name}"] if kind.rate != rate else []
            continue
        if kind.tokens > plain:
            notes.append(f"more {name} is said to be {kind.name} than there is")
        counted = min(kind.tokens, plain)
        plain -= counted
        dollars += counted * (kind.rate or 0)
    if plain and rate is None:
        return _Side(note=f"no rate for {name} is known")
    dollars += plain * (rate or 0)
    dearest = max([rate or Decimal(0), *(kind.rate for kind in priced if kind.rate is not None)])
    return _Side(dollars=dollars, most=tokens * dearest if notes else dollars, note="; ".join(notes))
