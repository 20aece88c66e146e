"""`Catalog`: every known model of the providers any-llm calls, with its facts, tiers, and where each came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import field, frozen

from llmhub.records.measures import is_live
from llmhub.records.model import CanonicalModel, CatalogStatistics, ProviderListing, SourceState

if TYPE_CHECKING:
    from llmhub.catalog.availability import Availability

TIME_TO_LIVE = timedelta(hours=24)
CLOCK_TOLERANCE = timedelta(minutes=5)
"""So far the clocks of two machines may be apart that share a folder."""


@frozen(kw_only=True, eq=False)
class Catalog:
    """The models by canonical id, and how the catalog came about.

    >>> gpt = CanonicalModel(canonical_id="openai:gpt-4.1", provider="openai", model_id="gpt-4.1", tags=("tools",),
    ...                      context_tokens=1_047_576, price_state="known",
    ...                      price_input_per_million=2.0, price_output_per_million=8.0)
    >>> catalog = Catalog(models={gpt.canonical_id: gpt}, statistics=CatalogStatistics(quantiles={}))
    >>> catalog.lookup("openai/gpt-4.1").price_input_per_million
    2.0
    >>> catalog.lookup("GPT-4.1") is gpt, catalog.lookup("gpt-5")
    (True, None)
    >>> [model.model_id for model in catalog.filter(provider="openai", tags="tools", max_price=4, min_context=200_000)]
    ['gpt-4.1']

    `built_at` is ISO 8601 in UTC. `fingerprint` depends on the content alone: equal catalogs have equal ones.
    `listings` say which providers answer from here (without the models they listed). `unlinked` maps every leaderboard
    name that no model was recognised for to the nearest candidate, or `None`, and `unlinked_because` to what forbade
    that one: the rule, and the reason in words. `hidden` are the ids that the user's overrides leave out. `through` is
    the address of the machine that made it and serves it to others; empty for a catalog that this machine made.
    """

    models: Mapping[str, CanonicalModel] = field(repr=False)
    statistics: CatalogStatistics = field(repr=False)
    sources: tuple[SourceState, ...] = ()
    listings: tuple[ProviderListing, ...] = field(default=(), repr=False)
    unlinked: Mapping[str, str | None] = field(factory=dict, repr=False)
    unlinked_because: Mapping[str, str] = field(factory=dict, repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = ()
    built_at: str = ""
    fingerprint: str = ""
    through: str = ""

    def __len__(self) -> int:
        return len(self.models)

    def age(self, now: datetime) -> timedelta:
        """How long ago it was built; never negative, though a clock may have been set back since."""
        return max(timedelta(0), now - datetime.fromisoformat(self.built_at))

    def is_stale(self, now: datetime) -> bool:
        """Whether it is older than 24 hours, or its age cannot be told. A stale catalog still serves."""
        return self.is_from_the_future(now) or self.age(now) > TIME_TO_LIVE

    def is_from_the_future(self, now: datetime) -> bool:
        """Whether it was built later than *now*: the clock is wrong, or was, and its age is anybody's guess."""
        return datetime.fromisoformat(self.built_at) > now + CLOCK_TOLERANCE

    def lookup(self, name: str) -> CanonicalModel | None:
        """The model *name* means, in any of the ways that `matches` knows; `None` for none.

        A name that several providers serve means the model at its maker's own provider, such as `gpt-4o-mini` at
        `openai`; `offers` names the others. It is `None`, too, when none of several is the maker's own.
        """
        found = self.matches(name)
        if len(found) <= 1:
            return found[0] if found else None
        from llmhub.catalog.offers import makers_own

        return makers_own(found)

    def matches(self, name: str) -> tuple[CanonicalModel, ...]:
        """All models *name* can mean, by the first of these that finds any, upper and lower case alike.

        A canonical id (`openai:gpt-4.1`, also written `openai/gpt-4.1`); a model id at any provider, whole or without
        its folders; a leaderboard's name; a display name (`GPT-4.1`); the same identity written in another way
        (`claude-opus-4.1` for `claude-opus-4-1`). Never by similarity.
        """
        if name in self.models:
            return (self.models[name],)
        from llmhub.catalog.aliases import matching_ids

        return tuple(self.models[key] for key in matching_ids(name, self.models))

    def filter(
        self,
        *,
        provider: str | Iterable[str] | None = None,
        tags: str | Iterable[str] | None = None,
        max_price: float | None = None,
        min_context: int | None = None,
    ) -> tuple[CanonicalModel, ...]:
        """The models, of whatever status, that are known to have all that is asked.

        One of the providers and all of the tags. `max_price` bounds the blended price, in US dollars per million
        tokens at the catalog's `statistics.price_ratio` of input to output; `min_context` is in tokens. A model whose
        price is unknown or included in a plan is under no `max_price`.
        """
        from llmhub.catalog.filters import ModelFilter

        wanted = ModelFilter(provider=provider, tags=tags, max_price=max_price, min_context=min_context)
        # The id says the provider, so that models of others need not be made.
        candidates = self.of_providers(wanted.provider)
        return tuple(model for model in candidates if wanted.admits(model, self.statistics.price_ratio))

    def offers(self, model: CanonicalModel) -> tuple[CanonicalModel, ...]:
        """The same model at other providers, and under other ids at its own; the cheapest first."""
        from llmhub.catalog.offers import offers

        return offers(model, self.models, self.statistics.price_ratio)

    def availability(self, model: CanonicalModel) -> Availability:
        """Whether *model* can be called from here, and how that is known."""
        from llmhub.catalog.availability import availability, by_provider

        return availability(model, by_provider(self.listings))

    def board_names(self) -> tuple[str, ...]:
        """All names of leaderboards, those recognised as a model and those not."""
        linked = {link.name for model in self.models.values() for link in model.links}
        return tuple(sorted(linked | set(self.unlinked)))

    def to_json(self) -> str:
        """All models as the JSON list that `llmhub catalog export --format json` prints."""
        from llmhub.catalog.availability import by_provider
        from llmhub.catalog.export import as_json, row

        listings = by_provider(self.listings)
        return as_json(row(model, listings) for model in self.models.values())

    def __iter__(self) -> Iterator[CanonicalModel]:
        return iter(self.models.values())

    def of_providers(self, providers: Iterable[str]) -> tuple[CanonicalModel, ...]:
        """The models of these providers; of all when none is named."""
        wanted = set(providers)
        return tuple(model for key, model in self.models.items() if not wanted or key.partition(":")[0] in wanted)

    def tagged(self, *tags: str) -> tuple[CanonicalModel, ...]:
        """The live models that have all of *tags*."""
        wanted = set(tags)
        return tuple(model for model in self.models.values() if is_live(model) and wanted <= set(model.tags))

    def search(self, text: str) -> tuple[CanonicalModel, ...]:
        """The models with every word of *text* in their id, name or family."""
        words = text.lower().split()
        return tuple(model for model in self.models.values() if all(word in _described(model) for word in words))


def _described(model: CanonicalModel) -> str:
    return f"{model.canonical_id} {model.display_name or ''} {model.family or ''}".lower()
