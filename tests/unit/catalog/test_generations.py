"""The catalogs before the present one: kept, counted, found by name, gone back to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from llmhub.catalog import Catalog
from llmhub.catalog.generations import KEPT, generations, keep_generation, read_generation, roll_back
from llmhub.catalog.keeping import keep
from llmhub.catalog.store import read_catalog
from llmhub.config.paths import catalog_file
from llmhub.errors import CatalogError
from llmhub.records.model import CanonicalModel, CatalogStatistics

FIRST_DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"LLMHUB_CACHE_DIR": str(tmp_path / "kept")}


def catalog(number: int, content: str = "") -> Catalog:
    """The catalog of the *number*th day, with one model of that number, unless *content* says the same as another's."""
    model_id = content or f"m-{number}"
    model = CanonicalModel(canonical_id=f"host:{model_id}", provider="host", model_id=model_id)
    return Catalog(
        models={model.canonical_id: model},
        statistics=CatalogStatistics(quantiles={}),
        built_at=(FIRST_DAY + timedelta(days=number - 1)).isoformat(timespec="seconds"),
        fingerprint=model_id,
    )


def store(environ: dict[str, str], *catalogs: Catalog) -> None:
    for one in catalogs:
        keep(one, environ, sources=(), today=FIRST_DAY.date())


def kept(environ: dict[str, str]) -> list[str]:
    return [one.name[:10] for one in generations(environ)]


def present(environ: dict[str, str]) -> str:
    found = read_catalog(catalog_file(environ))
    assert found is not None
    return found.fingerprint


def test_each_catalog_that_is_replaced_is_kept_the_latest_first(environ: dict[str, str]) -> None:
    store(environ, catalog(1))
    assert kept(environ) == []
    store(environ, catalog(2), catalog(3))
    assert kept(environ) == ["2026-11-02", "2026-11-01"]
    assert present(environ) == "m-3"


def test_a_refresh_that_changed_nothing_adds_none(environ: dict[str, str]) -> None:
    store(environ, catalog(1, "same"), catalog(2, "same"), catalog(3, "same"))
    assert kept(environ) == []


def test_only_the_last_few_are_kept(environ: dict[str, str]) -> None:
    store(environ, *(catalog(number) for number in range(1, KEPT + 4)))
    assert kept(environ) == ["2026-11-07", "2026-11-06", "2026-11-05", "2026-11-04", "2026-11-03"]
    assert len(list((catalog_file(environ).parent / "generations").iterdir())) == KEPT


def test_their_order_is_that_of_keeping_whatever_the_clock_said(environ: dict[str, str]) -> None:
    store(environ, catalog(20), catalog(3), catalog(5))
    assert kept(environ) == ["2026-11-03", "2026-11-20"]


def test_one_is_found_by_its_number_or_by_how_its_time_begins(environ: dict[str, str]) -> None:
    store(environ, catalog(1), catalog(2), catalog(3))
    assert read_generation(environ, "2026-11-01").fingerprint == "m-1"
    assert read_generation(environ, "2026-11").fingerprint == "m-2", "the latest of several"
    oldest = generations(environ)[-1]
    assert read_generation(environ, str(oldest.number)).fingerprint == "m-1"
    assert read_generation(environ, oldest.name).built_at == oldest.built_at == "2026-11-01T12:00:00+00:00"


def test_a_name_that_none_has_is_an_error_with_those_there_are(environ: dict[str, str]) -> None:
    with pytest.raises(CatalogError, match="There are: none"):
        read_generation(environ, "2026-11-01")
    store(environ, catalog(1), catalog(2))
    with pytest.raises(CatalogError, match=r"Did you mean '2026-11-01T12:00:00\+00:00'\?"):
        read_generation(environ, "2026-11-01T12:00:01+00:00")


def test_going_back_keeps_the_present_one_so_that_one_can_go_forth_again(environ: dict[str, str]) -> None:
    store(environ, catalog(1), catalog(2))
    assert roll_back(environ).fingerprint == "m-1"
    assert (present(environ), kept(environ)) == ("m-1", ["2026-11-02"])
    assert roll_back(environ).fingerprint == "m-2"
    assert (present(environ), kept(environ)) == ("m-2", ["2026-11-01"])


def test_one_can_go_back_further(environ: dict[str, str]) -> None:
    store(environ, catalog(1), catalog(2), catalog(3))
    roll_back(environ, "2026-11-01")
    assert (present(environ), kept(environ)) == ("m-1", ["2026-11-03", "2026-11-02"])


def test_with_nothing_to_go_back_to_the_present_one_stays(environ: dict[str, str]) -> None:
    store(environ, catalog(1))
    with pytest.raises(CatalogError, match="no earlier catalog to go back to"):
        roll_back(environ)
    assert present(environ) == "m-1"


def test_a_damaged_one_is_not_gone_back_to(environ: dict[str, str]) -> None:
    store(environ, catalog(1), catalog(2))
    generations(environ)[0].path.write_text("{")
    with pytest.raises(CatalogError, match="is damaged"):
        roll_back(environ)
    assert present(environ) == "m-2"


def test_a_stored_file_that_cannot_be_read_never_becomes_one(environ: dict[str, str], tmp_path: Path) -> None:
    damaged = tmp_path / "catalog.json"
    damaged.write_text(json.dumps({"format": 99}))
    keep_generation(damaged, tmp_path / "generations")
    keep_generation(tmp_path / "no such file", tmp_path / "generations")
    assert not (tmp_path / "generations").exists()


def test_files_of_others_among_them_are_left_alone(environ: dict[str, str]) -> None:
    store(environ, catalog(1), catalog(2))
    folder = generations(environ)[0].path.parent
    (folder / "notes.txt").write_text("mine")
    store(environ, *(catalog(number) for number in range(3, KEPT + 5)))
    assert (folder / "notes.txt").read_text() == "mine"
    assert len(kept(environ)) == KEPT


def test_the_warnings_of_one_come_with_it(environ: dict[str, str]) -> None:
    store(environ, evolve(catalog(1), warnings=("board: cannot be reached",)), catalog(2))
    assert read_generation(environ, "2026-11-01").warnings == ("board: cannot be reached",)


def test_going_back_loses_none_of_those_that_are_kept(environ: dict[str, str]) -> None:
    store(environ, *(catalog(number) for number in range(1, KEPT + 2)))
    before = {*kept(environ), f"2026-11-{KEPT + 1:02}"}
    roll_back(environ, "2026-11-03")
    assert {*kept(environ), "2026-11-03"} == before


def test_a_present_one_that_cannot_be_read_is_set_aside(environ: dict[str, str]) -> None:
    store(environ, catalog(1), catalog(2))
    catalog_file(environ).write_text("{")
    assert roll_back(environ).fingerprint == "m-1"
    assert present(environ) == "m-1"
    assert catalog_file(environ).with_name("catalog.json.set-aside").read_text() == "{"
