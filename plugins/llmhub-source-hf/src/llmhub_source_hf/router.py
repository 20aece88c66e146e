"""Loads the models of the Hugging Face inference router: `GET /v1/models`.

A model is served by one or more hosts (`providers`), and the router picks one per call. So a fact is stated where it
holds whichever of them serves the call: a price that all ask, the shortest context, a capability that all or none have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from llmhub.records.context import SourceContext
from llmhub.records.foreign import price, shown
from llmhub.records.model import ModelFacts, ModelRecord, Price, SourceLoad

PROVIDER = "huggingface"
DEFAULT_URL = "https://router.huggingface.co/v1/models"
URL_VARIABLE = "LLMHUB_HF_ROUTER_URL"
LARGEST_LOSS = 0.3

Host = Mapping[str, Any]
Fact = TypeVar("Fact")


def load(context: SourceContext) -> SourceLoad:
    """One record per model that a host serves now, callable as `huggingface:ID`.

    Raises:
        llmhub.errors.SourceError: the list cannot be had.
    """
    if context.providers and PROVIDER not in context.providers:
        return SourceLoad()
    fetched = context.fetch_json(context.environ.get(URL_VARIABLE) or DEFAULT_URL, accept=check)
    read = [read_model(model) for model in fetched.document["data"]]
    return SourceLoad(
        records=tuple({found.model_id: found for found in read if isinstance(found, ModelRecord)}.values()),
        as_of=fetched.fetched_at[:10],  # the router answers for the moment
        fetched_at=fetched.fetched_at,
        quarantined=tuple(found for found in read if isinstance(found, str)),
        warnings=(fetched.stale_reason,) if fetched.stale_reason else (),
    )


def check(document: Any, previous: Any) -> None:
    """Refuse what is no list of models, or a list that has lost much of what *previous* had.

    Raises:
        ValueError: with the reason.
    """
    models = document.get("data") if isinstance(document, Mapping) else None
    if not isinstance(models, list) or not models:
        raise ValueError("is not a list of models: `data` with models is expected")
    if previous is not None and len(models) < (1 - LARGEST_LOSS) * len(previous["data"]):
        raise ValueError(f"lists {len(models)} models where the copy before listed {len(previous['data'])}")


def read_model(model: Any) -> ModelRecord | str:
    """What the list says of a model, or why it is left out."""
    name = model.get("id") if isinstance(model, Mapping) else None
    if not isinstance(name, str) or not name:
        return f"{shown(model)}: a model with an id is expected"
    hosts = _hosts(model)
    if not hosts:
        return f"{name}: no host serves it at the moment"
    architecture = model.get("architecture")
    architecture = architecture if isinstance(architecture, Mapping) else {}
    contexts = [_positive(host.get("context_length")) for host in hosts]
    stated = [length for length in contexts if length is not None]
    return ModelRecord(
        source="huggingface_router",
        provider=PROVIDER,
        model_id=name,
        facts=ModelFacts(
            context_tokens=min(stated) if len(stated) == len(hosts) else None,
            supports_tool_call=_shared(hosts, lambda host: _truth(host.get("supports_tools"))),
            supports_structured_output=_shared(hosts, lambda host: _truth(host.get("supports_structured_output"))),
            input_modalities=_words(architecture.get("input_modalities")),
            output_modalities=_words(architecture.get("output_modalities")),
            price=_shared(hosts, _price),
        ),
    )


def _hosts(model: Mapping[str, Any]) -> Sequence[Host]:
    hosts = model.get("providers")
    return [host for host in (hosts if isinstance(hosts, list) else []) if isinstance(host, Mapping) and _is_live(host)]


def _is_live(host: Host) -> bool:
    return host.get("status") == "live"


def _shared(hosts: Sequence[Host], fact: Callable[[Host], Fact | None]) -> Fact | None:
    """What every host states; `None` when they differ, or one does not say."""
    first, *others = [fact(host) for host in hosts]
    return first if all(other == first for other in others) else None


def _price(host: Host) -> Price | None:
    """US dollars per million tokens."""
    stated = host.get("pricing")
    if not isinstance(stated, Mapping):
        return None
    price_in, price_out = price(stated.get("input")), price(stated.get("output"))
    if price_in is None or price_out is None:
        return None
    return Price(input=price_in, output=price_out)


def _positive(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1e15 else None


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _words(value: Any) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, list) else ()
