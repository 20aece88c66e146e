"""Tools over the catalog: search, look at one, compare, choose, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from attrs import frozen
from pydantic import Field  # noqa: TID253 - imported by `llmhub mcp`, never at start-up

from llmhub_server.catalog_api.shelf import Shelf
from llmhub_server.mcp_server.refusing import refusing
from llmhub_server.mcp_server.results import Comparison, Difference, Found, Recommended, WholeModel

if TYPE_CHECKING:
    from llmhub.records.model import CanonicalModel
    from llmhub.workspace import Workspace

Level = Literal["low", "medium", "high"]
Kind = Literal["chat", "embedding", "image", "audio", "tool", "other"]
Capability = Literal["tools", "vision", "structured_output", "reasoning", "pdf", "audio"]
Mode = Literal["chat", "embedding", "image", "speech", "transcription", "rerank", "moderation"]

SIDE_BY_SIDE = (
    "display_name", "provider", "quality_tier", "cost_tier", "reasoning_tier", "creative_tier", "arena_score",
    "arena_as_of", "price_state", "price_input_per_million", "price_output_per_million", "blended_price",
    "context_tokens", "max_output_tokens", "supports_tool_call", "supports_reasoning", "supports_structured_output",
    "input_modalities", "output_modalities", "knowledge_cutoff", "release_date", "open_weights", "status", "callable",
    "callable_reason",
)  # fmt: skip
"""The facts of a comparison."""

_BRIEF = (
    "canonical_id", "display_name", "price_state", "price_input_per_million", "price_output_per_million",
    "blended_price", "context_tokens", "quality_tier", "cost_tier", "arena_score", "arena_as_of", "release_date",
    "open_weights", "status", "tags", "callable",
)  # fmt: skip


@frozen(eq=False)
class CatalogTools:
    """The tools, over one project's catalog."""

    shelf: Shelf
    workspace: Workspace

    def search_models(
        self,
        text: Annotated[str, Field(description="Words that stand in the id, name or family.")] = "",
        provider: Annotated[list[str], Field(description="One of these providers, e.g. openai.")] = [],  # noqa: B006
        tags: Annotated[list[str], Field(description="All of these: tools, vision, reasoning, open-weights, ...")] = [],  # noqa: B006
        mode: Mode | None = None,
        max_price: Annotated[
            float | None, Field(ge=0, description="At most this blended price, $ per million tokens.")
        ] = None,
        min_context: Annotated[int | None, Field(ge=0, description="At least this window, in tokens.")] = None,
        open_weights: bool | None = None,
        callable_here: Annotated[bool | None, Field(description="Whether it can be called from this machine.")] = None,
        sort: Annotated[
            str, Field(description="A column, e.g. blended_price, arena_score, release_date.")
        ] = "arena_score",
        order: Literal["asc", "desc"] = "desc",
        limit: Annotated[int, Field(ge=1, le=100)] = 20,
    ) -> Found:
        """Find models by what they can do, cost and are rated. What is unknown comes last and satisfies no bound."""
        from llmhub_server.catalog_api.listing import listing
        from llmhub_server.catalog_api.query import CatalogQuery, parse_query

        with refusing():
            parse_query([("sort", sort)])
            query = CatalogQuery(
                q=text,
                provider=tuple(provider),
                tags=tuple(tags),
                mode=mode,
                max_price=max_price,
                min_context=min_context,
                open_weights=open_weights,
                callable=callable_here,
                sort=sort,
                descending=order == "desc",
                limit=limit,
                fields=_BRIEF,
            )
            page = listing(query, self.shelf.current())
        return cast(Found, {key: page[key] for key in Found.__annotations__})

    def get_model(
        self, name: Annotated[str, Field(description="An id (openai:gpt-4.1), an alias, or a display name.")]
    ) -> WholeModel:
        """All that is known of one model: every fact with its source and date, who else serves it, what is cheaper or
        better, and what follows on it."""
        from llmhub_server.catalog_api.model import described, named

        with refusing():
            kept = self.shelf.current()
            return cast(WholeModel, described(named(name, kept), kept))

    def compare_models(
        self,
        names: Annotated[list[str], Field(min_length=2, max_length=4)],
        input_tokens: Annotated[int, Field(ge=0, description="Input tokens of one call.")] = 1000,
        output_tokens: Annotated[int, Field(ge=0, description="Output tokens of one call.")] = 500,
        calls: Annotated[int, Field(ge=1, description="How many such calls.")] = 1000,
    ) -> Comparison:
        """Two to four models side by side, with what a stated workload would cost on each."""
        from llmhub_server.catalog_api.columns import told
        from llmhub_server.catalog_api.credit import credited, heading
        from llmhub_server.catalog_api.model import named

        with refusing():
            kept = self.shelf.current()
            models = [named(name, kept) for name in names]
        facts = [{column: told(column, model, kept) for column in SIDE_BY_SIDE} for model in models]
        costs = [_dollars(model, input_tokens, output_tokens, calls) for model in models]
        priced = [
            (dollars, model.canonical_id)
            for (dollars, _), model in zip(costs, models, strict=True)
            if dollars is not None
        ]
        return {
            "catalog": cast(Any, heading(kept.catalog)),
            "workload": f"{calls:,} calls of {input_tokens:,} tokens in and {output_tokens:,} out",
            "models": [
                {"canonical_id": model.canonical_id, "workload_dollars": dollars, "price_note": note, "facts": fact}
                for model, (dollars, note), fact in zip(models, costs, facts, strict=True)
            ],
            "differing": [name for name in SIDE_BY_SIDE if len({repr(fact[name]) for fact in facts}) > 1],
            "cheapest": min(priced)[1] if len(priced) == len(models) else None,
            "attribution": cast(Any, credited(kept.catalog, models)),
        }

    def recommend_model(
        self,
        kind: Kind = "chat",
        quality: Level | None = None,
        cost: Annotated[Level | None, Field(description="low: cheap.")] = None,
        latency: Annotated[Level | None, Field(description="low: fast.")] = None,
        reasoning: Level | None = None,
        creativity: Level | None = None,
        needs: list[Capability] = [],  # noqa: B006
        providers: Annotated[list[str], Field(description="Only these; else the project's, else all.")] = [],  # noqa: B006
        max_price_input: Annotated[float | None, Field(ge=0, description="$ per million tokens.")] = None,
        max_price_output: Annotated[float | None, Field(ge=0, description="$ per million tokens.")] = None,
        context_min: Annotated[int | None, Field(ge=0, description="In tokens.")] = None,
        open_weights: bool | None = None,
        exclude_models: list[str] = [],  # noqa: B006
        fallbacks: Annotated[int, Field(ge=0, le=10)] = 1,
        shown: Annotated[int, Field(ge=1, le=50, description="How many candidates to tell.")] = 5,
    ) -> Recommended:
        """Which model to take for a need, ranked, with what each criterion adds and why well-known ones lost."""
        from llmhub_server.catalog_api.recommendation import recommendation

        preferences = {
            "quality": quality,
            "cost": cost,
            "latency": latency,
            "reasoning": reasoning,
            "creativity": creativity,
            "needs": needs,
            "providers": providers,
            "max_price_input": max_price_input,
            "max_price_output": max_price_output,
            "context_min": context_min,
            "open_weights": open_weights,
            "exclude_models": exclude_models,
        }
        stated = {name: value for name, value in preferences.items() if value not in (None, [])}
        need = {"kind": kind, "preferences": stated, "fallbacks": fallbacks, "shown": shown}
        with refusing():
            return cast(Recommended, recommendation(need, self.shelf.current(), self.workspace))

    def diff_catalog(
        self,
        older: Annotated[str | None, Field(description="A number, or how a date begins; else the one before.")] = None,
        newer: str = "current",
        most: Annotated[int, Field(ge=1, le=500, description="The most models in each list.")] = 50,
    ) -> Difference:
        """What changed between two catalogs that are kept: models added, removed, repriced, changed."""
        from llmhub_server.catalog_api.changes import changes

        with refusing():
            found = changes(older, newer, self.shelf.current(), self.workspace.catalog_environ)
        cut = {name: found[name][:most] for name in ("added", "removed", "repriced", "changed")}
        return cast(Difference, {**found, **cut})


def _dollars(model: CanonicalModel, input_tokens: int, output_tokens: int, calls: int) -> tuple[float | None, str]:
    """What the calls cost, and what is to be said of that."""
    from llmhub.records.calls import Usage
    from llmhub.spend.price import price_of

    if model.price_state == "included":
        return None, "included in a plan: what that costs is not known"
    if model.price_state != "known":
        return None, "its price is not known, which is not free"
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, total_tokens=input_tokens + output_tokens)
    each = price_of(usage, model.price)
    if each is None:
        return None, "its price is not known for both sides"
    return float(each * calls), "at list price, without caches or discounts"
