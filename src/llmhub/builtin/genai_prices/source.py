"""Loads the prices that the installed genai-prices carries. It is never asked to fetch newer ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from llmhub.builtin.genai_prices.prices import exact_ids, price_on, status_of
from llmhub.builtin.genai_prices.providers import ANY_LLM_PROVIDERS
from llmhub.errors import SourceError
from llmhub.records.context import SourceContext
from llmhub.records.foreign import shown, well_formed
from llmhub.records.model import ModelFacts, ModelRecord, SourceLoad

SOURCE = "genai_prices"


def load(context: SourceContext) -> SourceLoad:
    """The price of today for every id that the package names in full. Needs no network.

    Raises:
        llmhub.errors.SourceError: the package is missing, or its data have another shape than those we know.
    """
    try:
        # Half a second with pydantic and its HTTP client: only a refresh may pay for that.
        from genai_prices.data import providers
    except ImportError as error:
        raise SourceError(SOURCE, f"cannot be imported ({error}); `pip install genai-prices`") from error
    return read(providers, context)


def read(providers: Iterable[Any], context: SourceContext) -> SourceLoad:
    """The prices in *providers*, an entry at a time: one that makes no sense is left out and named.

    Raises:
        llmhub.errors.SourceError: none of it makes sense.
    """
    today = context.now().date()
    records: dict[tuple[str, str], ModelRecord] = {}
    quarantined: list[str] = []
    for provider in providers:
        name_there, models = getattr(provider, "id", None), getattr(provider, "models", None)
        if not isinstance(name_there, str) or not isinstance(models, (list, tuple)):
            quarantined.append(f"{shown(name_there)}: no provider with models")
            continue
        names = ANY_LLM_PROVIDERS.get(name_there, ())
        wanted = [name for name in names if not context.providers or name in context.providers]
        for model in models if wanted else ():
            try:
                price, ids = price_on(model, today), exact_ids(model)
            except (AttributeError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
                quarantined.append(f"{name_there}/{well_formed(str(getattr(model, 'id', '?')))[:80]}: {error}")
                continue
            if price is None:
                continue
            facts = ModelFacts(price=price, status=status_of(model))
            for name in wanted:
                for model_id in ids:
                    record = ModelRecord(source=SOURCE, provider=name, model_id=model_id, facts=facts)
                    records.setdefault((name, model_id), record)
    if not records and quarantined:
        raise SourceError(SOURCE, f"its data have an unknown shape; first: {quarantined[0]}")
    return SourceLoad(records=tuple(records.values()), quarantined=tuple(quarantined))
