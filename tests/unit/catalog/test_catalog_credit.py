"""How old a catalog is, and whose data it shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from llmhub.catalog import Catalog
from llmhub.catalog.credit import age, attributions, credit
from llmhub.records.model import CatalogStatistics, SourceState

BUILT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
CATALOG = Catalog(
    models={},
    statistics=CatalogStatistics(quantiles={}),
    built_at=BUILT.isoformat(),
    sources=(
        SourceState(name="models_dev", ok=True, attribution="models.dev (MIT)", as_of="2026-06-01"),
        SourceState(name="lmarena", ok=True, attribution="LMArena", fetched_at="2026-05-30T08:00:00+00:00"),
        SourceState(name="overrides", ok=True),
    ),
)


def test_a_fresh_catalog_tells_its_age_and_an_old_one_what_to_do() -> None:
    assert credit(CATALOG, BUILT + timedelta(minutes=12)) == "Catalog built 12 min ago."
    assert credit(CATALOG, BUILT + timedelta(days=3)).endswith("`llmhub catalog refresh` fetches fresh facts.")


def test_sources_that_ask_for_it_are_named_with_their_date_where_their_data_is_shown() -> None:
    assert attributions(CATALOG.sources, {"models_dev", "lmarena", "overrides"}) == [
        "Data: models.dev (MIT), as of 2026-06-01",
        "Data: LMArena, fetched 2026-05-30",
    ]
    assert attributions(CATALOG.sources, {"overrides"}) == []


@pytest.mark.parametrize(
    ("seconds", "told"), [(-5, "0 s"), (40, "40 s"), (720, "12 min"), (18_000, "5 h"), (260_000, "3 days")]
)
def test_a_span_is_told_in_the_unit_people_would_use(seconds, told) -> None:
    assert age(timedelta(seconds=seconds)) == told
