"""Reads models.dev's api.json: `{provider: {..., models: {id: {...}}}}`.

The file grows keys and values without notice, so what is not known is passed over. What is there and makes no sense is
left out, model by model and field by field, and named in `Document.quarantined`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from llmhub.builtin.models_dev.cost import read_price
from llmhub.records.foreign import amount, shown
from llmhub.records.model import ModelFacts


@frozen(kw_only=True)
class ListedModel:
    """One model under models.dev's own provider id."""

    provider: str
    model_id: str
    facts: ModelFacts


@frozen(kw_only=True)
class Document:
    """All models of the file, and what was left out of it with the reason."""

    models: tuple[ListedModel, ...] = field(repr=False)
    quarantined: tuple[str, ...] = ()


def read_document(document: Any) -> Document:
    """Every model in *document*.

    Raises:
        ValueError: it is not of this shape at all.
    """
    models: list[ListedModel] = []
    quarantined: list[str] = []
    for provider, entry in _providers(document).items():
        listed = entry.get("models") if isinstance(entry, Mapping) else None
        if not isinstance(listed, Mapping):
            quarantined.append(f"{provider}: no models by id")
            continue
        for model_id, stated in listed.items():
            if not model_id:
                quarantined.append(f"{provider}: a model without an id")
                continue
            if not isinstance(stated, Mapping):  # listed all the same, so it is not gone
                quarantined.append(f"{provider}/{model_id}: {type(stated).__name__}, where facts should be")
                stated = {}
            reader = _Reader(stated)
            models.append(ListedModel(provider=provider, model_id=model_id, facts=_facts(reader)))
            quarantined += [f"{provider}/{model_id}: {fault}" for fault in reader.faults]
    return Document(models=tuple(models), quarantined=tuple(quarantined))


def models_by_provider(document: Any) -> Mapping[str, int]:
    """How many models *document* lists under each of its providers.

    Raises:
        ValueError: it is not of this shape at all.
    """
    return {
        name: len(entry["models"])
        for name, entry in _providers(document).items()
        if isinstance(entry, Mapping) and isinstance(entry.get("models"), Mapping)
    }


def _providers(document: Any) -> Mapping[str, Any]:
    if isinstance(document, Mapping):
        return document
    raise ValueError(f"is not models.dev's file: a {type(document).__name__}, where providers by id should be")


def _facts(read: _Reader) -> ModelFacts:
    price, faults = read_price(read.stated.get("cost"))
    read.faults += faults
    return ModelFacts(
        display_name=read.text("name"),
        family=read.text("family"),
        context_tokens=read.limit("context"),
        max_input_tokens=read.limit("input"),
        max_output_tokens=read.limit("output"),
        supports_tool_call=read.flag("tool_call"),
        supports_reasoning=read.flag("reasoning"),
        supports_structured_output=read.flag("structured_output"),
        supports_temperature=read.flag("temperature"),
        input_modalities=read.modalities("input"),
        output_modalities=read.modalities("output"),
        knowledge_cutoff=read.text("knowledge"),
        release_date=read.text("release_date"),
        last_updated=read.text("last_updated"),
        open_weights=read.flag("open_weights"),
        status=read.text("status"),
        price=price,
    )


class _Reader:
    """Reads fields of one entry by type, and notes those that have another one."""

    def __init__(self, stated: Mapping[str, Any]) -> None:
        self.stated = stated
        self.faults: list[str] = []

    def text(self, name: str) -> str | None:
        value = self.stated.get(name)
        if value is None or isinstance(value, str):
            return value or None
        self._fault(name, value)
        return None

    def flag(self, name: str) -> bool | None:
        value = self.stated.get(name)
        if value is None or isinstance(value, bool):
            return value
        self._fault(name, value)
        return None

    def limit(self, name: str) -> int | None:
        """A number of tokens; the file writes 0 where it does not know."""
        limits = self.stated.get("limit")
        value = limits.get(name) if isinstance(limits, Mapping) else None
        if value is None:
            return None
        tokens = amount(value)
        if tokens is None or tokens >= 1e15:
            self._fault(f"limit.{name}", value)
            return None
        return int(tokens) or None

    def modalities(self, direction: str) -> tuple[str, ...]:
        stated = self.stated.get("modalities")
        value = stated.get(direction) if isinstance(stated, Mapping) else None
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._fault(f"modalities.{direction}", value)
            return ()
        return tuple(dict.fromkeys(value))

    def _fault(self, name: str, value: Any) -> None:
        self.faults.append(f"{name} is {shown(value)}, left out")
