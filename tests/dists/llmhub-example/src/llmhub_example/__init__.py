"""A catalog source, a selector and a call hook."""

from __future__ import annotations

from llmhub import hookimpl
from llmhub.errors import CallRefused
from llmhub.records.calls import CallContext, Target
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource, Selector
from llmhub.records.model import ModelFacts, ModelRecord, SourceLoad


@hookimpl
def llmhub_catalog_sources() -> list[CatalogSource]:
    return [CatalogSource(name="example", load=load, attribution="Example data", default=False)]


@hookimpl
def llmhub_selectors() -> list[Selector]:
    return [Selector(name="last-first", order=last_first)]


@hookimpl
def llmhub_before_call(call: CallContext) -> None:
    if call.params.get("temperature") == "forbidden":
        raise CallRefused("the example plugin forbids this")
    call.params["seen_by"] = "llmhub-example"


def load(context: SourceContext) -> SourceLoad:
    context.progress("one model")
    facts = ModelFacts(display_name="Example One", context_tokens=4096)
    return SourceLoad(
        records=(ModelRecord(source="example", provider="openai", model_id="example-1", facts=facts),),
        as_of="2025-01-01",
    )


def last_first(call: CallContext, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    return targets[::-1]
