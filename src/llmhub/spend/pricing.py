"""What a call cost: as its provider says, else at published rates, else at the catalog's, else unpriced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from llmhub.records.calls import Usage
from llmhub.records.model import CanonicalModel
from llmhub.records.spending import Cost
from llmhub.spend.bound import Request, ruled_out
from llmhub.spend.price import cost_of
from llmhub.spend.published import PublishedRates, SameModel
from llmhub.spend.rates import Rates, TokenRates, rates_of

__all__ = ["Pricing"]

KnownModel = Callable[[str, str], CanonicalModel | None]
"""Provider and model id to what the catalog knows of the model; `None` where it knows nothing."""


AskedFor = Callable[[], Request] | None


def _leaves_open(usage: Usage, rates: TokenRates) -> bool:
    return (
        (usage.cache_write_tokens is None and rates.cache_write is not None)
        or (usage.audio_input_tokens is None and rates.input_audio is not None)
        or (usage.audio_output_tokens is None and rates.output_audio is not None)
    )


def no_catalog(provider: str, model: str) -> None:
    """A catalog that knows no model."""


def never_renewed() -> bool:
    """Of a catalog that stays as it is."""
    return False


def only_equal_names(name: str, other: str) -> bool:
    """Whether two names are one, letter by letter."""
    return name.lower() == other.lower()


class Pricing:
    """Prices calls. What it looks up it keeps, so that a call costs microseconds; safe from any thread.

    *known_model* is asked once per model, and again once *renewed* has said that the catalog is another; *same_model*
    says whether a name that genai-prices found by a pattern means the model that was called.
    """

    def __init__(
        self,
        known_model: KnownModel = no_catalog,
        same_model: SameModel = only_equal_names,
        renewed: Callable[[], bool] = never_renewed,
    ) -> None:
        self._published = PublishedRates(same_model)
        self._known_model = known_model
        self._renewed = renewed
        self._models: dict[tuple[str, str], CanonicalModel | None] = {}
        self._rates: dict[tuple[str, str], Rates | None] = {}

    def cost(self, provider: str, model: str, usage: Usage | None, at: datetime, request: AskedFor = None) -> Cost:
        """What a call of *model* at the time *at* cost, and how that is known.

        *request* is asked for what was sent where the usage leaves open what that can tell.
        """
        if usage is None or usage.cost is not None:
            return cost_of(usage, None)
        found = Cost(note=f"no price of {provider}:{model} is known")
        for rates in self.rates(provider, model, at):
            if request is not None and _leaves_open(usage, rates.base):
                usage = ruled_out(usage, request())
            found = cost_of(usage, rates)
            if found.dollars is not None:
                break
        return found

    def keep_up(self) -> None:
        """Price by the catalog that is stored now; for whoever has time, since a new one takes some to read."""
        if self._renewed():
            # Others in their place, not emptied: a call may be between looking into one and taking from it.
            self._models, self._rates = {}, {}

    def rates(self, provider: str, model: str, at: datetime) -> tuple[Rates, ...]:
        """The rates of *model* at the time *at*: those published, then the catalog's."""
        found = (self._published.find(provider, model, at), self._catalog_rates(provider, model))
        return tuple(rates for rates in found if rates is not None)

    def known_model(self, provider: str, model: str) -> CanonicalModel | None:
        """What the catalog knows of the model."""
        key, models = (provider, model), self._models
        if key not in models:
            models[key] = self._known_model(provider, model)
        return models[key]

    def _catalog_rates(self, provider: str, model: str) -> Rates | None:
        key, rates = (provider, model), self._rates
        if key not in rates:
            known = self.known_model(provider, model)
            # A price of nothing that a plan pays for (`included`) is no price of the call.
            price = known.price if known is not None and known.price_state == "known" else None
            rates[key] = None if price is None else rates_of(price)
        return rates[key]
