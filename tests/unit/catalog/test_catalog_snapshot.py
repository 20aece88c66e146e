from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from llmhub.catalog.snapshot import main, packed
from llmhub.records.model import ModelFacts, ModelRecord, Score, SourceLoad


def record(provider: str, model_id: str) -> ModelRecord:
    return ModelRecord(source="models_dev", provider=provider, model_id=model_id, facts=ModelFacts(display_name="M"))


def test_the_snapshot_is_the_same_bytes_for_the_same_records_in_any_order() -> None:
    records = (record("b", "m"), record("a", "m"), record("a", "l"))
    one = packed(SourceLoad(records=records), "models.dev", "2026-07-02")
    other = packed(SourceLoad(records=records[::-1]), "models.dev", "2026-07-02")
    assert one == other
    document = json.loads(gzip.decompress(one))
    assert (document["origin"], document["as_of"]) == ("models.dev", "2026-07-02")
    assert document["records"][0] == {"provider": "a", "model_id": "l", "facts": {"display_name": "M"}}


def test_scores_never_get_into_the_snapshot() -> None:
    rated = ModelRecord(
        source="s", provider="a", model_id="m", scores=(Score(board="text", category="overall", rating=1400.0),)
    )
    assert b"1400" not in gzip.decompress(packed(SourceLoad(records=(rated,)), "x", None))


def test_it_is_made_from_what_the_models_dev_source_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    api = tmp_path / "api.json"
    api.write_text(json.dumps({"openai": {"models": {"gpt-4o": {"id": "gpt-4o", "name": "GPT-4o"}}}}))
    monkeypatch.setenv("LLMHUB_MODELS_DEV_URL", api.as_uri())
    assert main([str(tmp_path / "facts.json.gz"), "--as-of", "2026-07-02"]) == 0
    document = json.loads(gzip.decompress((tmp_path / "facts.json.gz").read_bytes()))
    assert document["records"] == [{"provider": "openai", "model_id": "gpt-4o", "facts": {"display_name": "GPT-4o"}}]
    assert "1 models" in capsys.readouterr().out
