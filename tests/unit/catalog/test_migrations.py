"""Catalogs of earlier formats are brought to the present one; those of later formats are not touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from llmhub.catalog import Catalog
from llmhub.catalog.migrations import FORMAT, STEPS, Document, migrated
from llmhub.catalog.store import read_catalog, write_catalog
from llmhub.errors import CatalogError
from llmhub.records.model import CanonicalModel, CatalogStatistics, SourceState


def test_the_steps_lead_from_the_first_format_to_the_present_one_without_a_gap() -> None:
    assert sorted(STEPS) == list(range(1, FORMAT))


def test_steps_are_taken_one_after_the_other() -> None:
    def step(document: Document) -> Document:
        return {**document, "format": document["format"] + 1, "trail": [*document.get("trail", []), document["format"]]}

    steps = dict.fromkeys(range(FORMAT - 3, FORMAT), step)
    assert migrated({"format": FORMAT - 3}, steps)["trail"] == [FORMAT - 3, FORMAT - 2, FORMAT - 1]


@pytest.mark.parametrize("found", [FORMAT + 1, 0, -1, None, "1", 1.5, True, [1]])
def test_a_format_that_no_step_leads_from_is_refused_and_named(found: Any) -> None:
    with pytest.raises(ValueError, match=f"reads {FORMAT} and earlier") as error:
        migrated({"format": found}, {})
    assert repr(found) in str(error.value)


def in_format_1(path: Path, **sources: str) -> None:
    """A catalog as the first version wrote it, with sources of these details."""
    model = CanonicalModel(canonical_id="openai:gpt-x", provider="openai", model_id="gpt-x", context_tokens=128_000)
    states = tuple(SourceState(name=name, ok=True, records=1, detail=detail) for name, detail in sources.items())
    write_catalog(
        Catalog(
            models={model.canonical_id: model},
            statistics=CatalogStatistics(quantiles={}),
            sources=states,
            built_at="2026-11-23T12:00:00+00:00",
        ),
        path,
    )
    document = json.loads(path.read_text())
    document["format"] = 1
    for state in document["sources"]:
        state.pop("quarantined", None)
    path.write_text(json.dumps(document))


def test_a_catalog_of_format_1_is_read_and_its_count_of_what_was_left_out_becomes_a_number(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    in_format_1(path, facts="12 entries left out, whole or in part; first: a/b: no facts", board="", plain="a note")
    stored = read_catalog(path)
    assert stored is not None
    assert {state.name: state.quarantined for state in stored.sources} == {"facts": 12, "board": 0, "plain": 0}
    assert stored.models["openai:gpt-x"].context_tokens == 128_000


def test_what_was_migrated_is_written_in_the_present_format(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    in_format_1(path, facts="3 entries left out, whole or in part; first: x")
    stored = read_catalog(path)
    assert stored is not None
    write_catalog(stored, path)
    assert json.loads(path.read_text())["format"] == FORMAT
    again = read_catalog(path)
    assert again is not None
    assert (again.sources, dict(again.models)) == (stored.sources, dict(stored.models))


@pytest.mark.parametrize("damage", [{"sources": 3}, {"sources": [7]}, {"sources": None}])
def test_an_old_catalog_that_is_damaged_is_called_that(tmp_path: Path, damage: dict[str, Any]) -> None:
    path = tmp_path / "catalog.json"
    in_format_1(path, facts="")
    path.write_text(json.dumps({**json.loads(path.read_text()), **damage}))
    with pytest.raises(CatalogError, match="is damaged"):
        read_catalog(path)
