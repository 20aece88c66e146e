from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from llmhub.builtin import snapshot
from llmhub.builtin.snapshot.source import FACTS, load
from llmhub.catalog.snapshot import packed
from llmhub.errors import SourceError
from llmhub.records.context import SourceContext
from llmhub.records.model import ModelFacts, ModelRecord, Price, SourceLoad


def context(*providers: str) -> SourceContext:
    def fetch(url: str, **_: Any) -> Any:
        raise AssertionError(f"{url} was asked for")

    return SourceContext(
        environ={},
        now=lambda: datetime(2026, 11, 23, tzinfo=UTC),
        fetch_json=fetch,
        progress=lambda _: None,
        offline=True,
        providers=providers,
    )


def test_it_stands_in_for_models_dev() -> None:
    (source,) = snapshot.llmhub_catalog_sources()
    assert (source.name, source.stands_in_for) == ("snapshot", "models_dev")


def test_the_shipped_facts_load_without_network_and_tell_their_date() -> None:
    loaded = load(context())
    assert len(loaded.records) > 1000
    assert loaded.as_of is not None
    assert loaded.as_of in loaded.warnings[0]
    assert {record.source for record in loaded.records} == {"snapshot"}
    assert {"openai", "anthropic", "gemini", "mistral"} <= {record.provider for record in loaded.records}
    priced = [record for record in loaded.records if record.facts.price is not None]
    assert len(priced) > 1000


def test_the_shipped_file_is_small_and_holds_no_scores() -> None:
    assert FACTS.stat().st_size < 100_000
    document = json.loads(gzip.decompress(FACTS.read_bytes()))
    assert all(row.keys() <= {"provider", "model_id", "facts"} for row in document["records"])


def test_only_the_providers_that_are_asked_for_are_loaded() -> None:
    assert {record.provider for record in load(context("mistral")).records} == {"mistral"}


def test_what_the_maker_packs_is_what_the_source_reads(tmp_path: Path) -> None:
    facts = ModelFacts(display_name="GPT X", input_modalities=("text",), price=Price(input=1.0, output=2.0))
    record = ModelRecord(source="models_dev", provider="openai", model_id="gpt-x", facts=facts)
    file = tmp_path / "facts.json.gz"
    file.write_bytes(packed(SourceLoad(records=(record,)), "models.dev", "2026-07-02"))
    loaded = load(context(), file)
    assert loaded.records == (ModelRecord(source="snapshot", provider="openai", model_id="gpt-x", facts=facts),)
    assert loaded.as_of == "2026-07-02"


@pytest.mark.parametrize(
    "content",
    [b"", b"not gzip", gzip.compress(b"{"), gzip.compress(b"{}"), gzip.compress(b"[]")],
    ids=["empty", "not gzip", "broken JSON", "no facts", "a list"],  # what gzip writes holds the time of day
)
def test_a_damaged_file_is_an_error_with_its_remedy(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "facts.json.gz"
    file.write_bytes(content)
    with pytest.raises(SourceError, match="install llmhub again"):
        load(context(), file)
