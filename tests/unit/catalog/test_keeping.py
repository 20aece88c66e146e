"""Whether a new catalog replaces the stored one: not when a source has lost what it had."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from llmhub.catalog import Catalog
from llmhub.catalog.keeping import keep
from llmhub.catalog.store import read_catalog
from llmhub.config.paths import catalog_file
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import CanonicalModel, CatalogStatistics, Provenance, SourceLoad, SourceState

SOURCES = tuple(
    CatalogSource(name=name, load=lambda _: SourceLoad(), witness=name == "prices")
    for name in ("facts", "board", "prices", "mine", "anyllm")
)
DOWNLOADED = ("facts", "board")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"LLMHUB_CACHE_DIR": str(tmp_path / "kept")}


def catalog(day: int, *, failed: str = "", **records: int) -> Catalog:
    """One model per record of the source "facts"; the others just stand as they are said to."""
    stated = {"facts": 10, "board": 10, "prices": 10, "mine": 10, "anyllm": 10, **records}
    models = [
        CanonicalModel(
            canonical_id=f"host:m-{number}",
            provider="host",
            model_id=f"m-{number}",
            provenance=(Provenance(field="model_id", source="facts"),),
        )
        for number in range(stated["facts"] or 1)
    ]
    return Catalog(
        models={model.canonical_id: model for model in models},
        statistics=CatalogStatistics(quantiles={}),
        sources=tuple(
            SourceState(
                name=name,
                ok=name != failed,
                records=0 if name == failed else count,
                fetched_at=f"2026-11-{day:02}" if name in DOWNLOADED else None,
                detail="cannot be reached" if name == failed else "",
            )
            for name, count in stated.items()
        ),
        built_at=f"2026-11-{day:02}T12:00:00+00:00",
        fingerprint=str(stated),
    )


def kept(environ: dict[str, str], newer: Catalog, providers: tuple[str, ...] = (), *, accept: bool = False) -> Catalog:
    keep(catalog(1), environ, sources=SOURCES, today=date(2026, 11, 1))
    return keep(newer, environ, sources=SOURCES, today=date(2026, 11, 2), providers=providers, accept_shrunk=accept)


@pytest.mark.parametrize(
    ("newer", "told"),
    [
        (catalog(2, failed="facts"), "facts gave nothing now"),
        (catalog(2, failed="board"), "board gave nothing now"),
        (catalog(2, facts=0), "facts gave 0 records where it gave 10 then"),
        (catalog(2, board=6), "board gave 6 records where it gave 10 then"),
    ],
)
def test_the_stored_catalog_stays_when_a_source_failed_or_gave_far_less(
    environ: dict[str, str], newer: Catalog, told: str
) -> None:
    found = kept(environ, newer)
    assert found.built_at == "2026-11-01T12:00:00+00:00"
    assert told in found.warnings[-1]
    assert "the catalog of 2026-11-01T12:00:00+00:00 stays" in found.warnings[-1]
    (lost,) = (state for state in found.sources if not state.ok)
    assert (lost.records, lost.fetched_at) == (10, "2026-11-01"), "what it gave then is what serves"
    assert lost.detail
    stored = read_catalog(catalog_file(environ))
    assert stored is not None
    assert stored.built_at == found.built_at


@pytest.mark.parametrize(
    "newer",
    [
        catalog(2, facts=7),  # 30 % less and no more
        catalog(2, failed="prices"),  # a witness lists nothing
        catalog(2, mine=1),  # the user's own file
        catalog(2, anyllm=0),  # the user's keys
    ],
)
def test_what_may_be_is_stored(environ: dict[str, str], newer: Catalog) -> None:
    assert kept(environ, newer).built_at == "2026-11-02T12:00:00+00:00"


def test_the_user_may_say_that_it_is_right(environ: dict[str, str]) -> None:
    found = kept(environ, catalog(2, facts=1), accept=True)
    assert found.built_at == "2026-11-02T12:00:00+00:00"
    assert sum(model.retired_on == "2026-11-02" for model in found) == 9


def test_who_asks_about_some_providers_alone_gets_fewer_records(environ: dict[str, str]) -> None:
    assert kept(environ, catalog(2, facts=1), ("host",)).built_at == "2026-11-02T12:00:00+00:00"


def test_what_was_wrong_before_does_not_count_as_lost(environ: dict[str, str]) -> None:
    keep(catalog(1, failed="board"), environ, sources=SOURCES, today=date(2026, 11, 1))
    found = keep(catalog(2, failed="board"), environ, sources=SOURCES, today=date(2026, 11, 2))
    assert found.built_at == "2026-11-02T12:00:00+00:00"


def test_drafts_of_writers_that_were_killed_are_swept(environ: dict[str, str]) -> None:
    file = catalog_file(environ)
    file.parent.mkdir()
    draft = file.with_name(f".{file.name}.0123456789ab.tmp")
    draft.write_text("{")
    bystander = file.with_name(".notes.tmp")
    bystander.write_text("mine")
    keep(evolve(catalog(1)), environ, sources=SOURCES, today=date(2026, 11, 1))
    assert (draft.exists(), bystander.exists()) == (False, True)
