"""What a model charges per token, by kind of token and length of the input, in exact decimal dollars. Pure."""

from __future__ import annotations

from decimal import Decimal

from attrs import evolve, fields, frozen

from llmhub.records.model import Price
from llmhub.records.spending import CostSource

PER_MILLION = Decimal(1_000_000)


@frozen(kw_only=True)
class TokenRates:
    """US dollars per million tokens of each kind. `None`: no rate of its own is known.

    `cache_write_long` is for what a cache keeps for an hour, `cache_write` for the usual few minutes.
    """

    input: Decimal | None = None
    output: Decimal | None = None
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_long: Decimal | None = None
    reasoning: Decimal | None = None
    input_audio: Decimal | None = None
    output_audio: Decimal | None = None

    def over(self, base: TokenRates) -> TokenRates:
        """These rates, and where they are silent those of *base*."""
        own = {name: value for name in KINDS if (value := getattr(self, name)) is not None}
        return evolve(base, **own)


KINDS = tuple(attribute.name for attribute in fields(TokenRates))


@frozen(kw_only=True, cache_hash=True)
class Rates:
    """The rates of one model, and who published them. `tiers`: rates for inputs longer than so many tokens, by size.

    `beside_tokens` names what else it charges for in every call, such as requests or pictures.
    """

    source: CostSource
    base: TokenRates
    tiers: tuple[tuple[int, TokenRates], ...] = ()
    beside_tokens: tuple[str, ...] = ()

    def at(self, input_tokens: int) -> TokenRates:
        """The rates for a call with that long an input; a tier's hold for the whole call, as providers bill it."""
        found = self.base
        for above, rates in self.tiers:
            if input_tokens > above:
                found = rates.over(self.base)
        return found

    def every(self) -> tuple[TokenRates, ...]:
        """The rates of every tier."""
        return (self.base, *(rates.over(self.base) for _, rates in self.tiers))


def rates_of(price: Price, source: CostSource = "catalog") -> Rates:
    """A catalog's price as rates. Its shortest decimal form is the published figure, free of binary noise."""
    tiers = sorted(price.tiers, key=lambda tier: tier.above_tokens)
    return Rates(
        source=source,
        base=_token_rates(price),
        tiers=tuple((tier.above_tokens, _token_rates(tier)) for tier in tiers),
    )


def _token_rates(price: object) -> TokenRates:
    stated = {name: getattr(price, name, None) for name in KINDS}
    return TokenRates(**{name: None if rate is None else Decimal(repr(rate)) for name, rate in stated.items()})
