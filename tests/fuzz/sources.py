"""Fuzz targets: documents that catalog sources fetch, each through the real fetch and its kept copies."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from attrs import asdict

from llmhub.builtin.genai_prices import source as genai_prices_source
from llmhub.builtin.lmarena import source as lmarena_source
from llmhub.builtin.models_dev import source as models_dev_source
from llmhub.builtin.tiers import quantiles
from llmhub.catalog.build import build_catalog
from llmhub.catalog.copies import Copies
from llmhub.catalog.fetch import CachingFetch
from llmhub.catalog.store import read_catalog, write_catalog
from llmhub.errors import NoCatalogError, SourceError
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource, TierDeriver
from llmhub.records.foreign import HIGHEST_PRICE
from llmhub.records.model import Price, Score, SourceLoad
from llmhub_source_hf import pages, router
from llmhub_source_hf.ratings import read_ratings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def models_dev(content: bytes, folder: Path) -> None:
    """models.dev's two files: api.json, and behind a line `---` models.json."""
    models, _, benchmarks = content.partition(b"\n---\n")
    (folder / "api.json").write_bytes(models)
    (folder / "models.json").write_bytes(benchmarks)
    _sound_or_refused(models_dev_source.load, _context(folder, LLMHUB_MODELS_DEV_URL=str(folder)))


def lmarena(content: bytes, folder: Path) -> None:
    """A leaderboard of arena-catalog."""
    (folder / "board.json").write_bytes(content)
    _sound_or_refused(lmarena_source.load, _context(folder, LLMHUB_ARENA_URL=str(folder / "board.json")))


def hf_router(content: bytes, folder: Path) -> None:
    """The list of the Hugging Face router."""
    (folder / "router.json").write_bytes(content)
    _sound_or_refused(router.load, _context(folder, LLMHUB_HF_ROUTER_URL=str(folder / "router.json")))


def hf_rows(content: bytes, folder: Path) -> None:
    """A page of rows of the dataset viewer."""
    (folder / "rows.json").write_bytes(content)
    try:
        fetched = _context(folder).fetch_json(str(folder / "rows.json"), accept=pages.check)
    except SourceError as error:
        str(error).encode()
        return
    ratings = read_ratings(entry["row"] for entry in fetched.document["rows"])
    _sound(SourceLoad(records=ratings.records, quarantined=ratings.quarantined))


def genai_prices(content: bytes, folder: Path) -> None:
    """The tables of genai-prices: objects with these attributes and whatever values."""
    try:
        providers = json.loads(content, object_hook=lambda values: SimpleNamespace(**values))
    except (ValueError, RecursionError, TypeError):
        return
    if isinstance(providers, list):
        _sound_or_refused(lambda context: genai_prices_source.read(providers, context), _context(folder))


def building(content: bytes, folder: Path) -> None:
    """A catalog from models.dev's api.json and, behind a line `---`, a leaderboard: stored, and read back the same."""
    models, _, board = content.partition(b"\n---\n")
    (folder / "api.json").write_bytes(models)
    (folder / "board.json").write_bytes(board)
    context = _context(
        folder, LLMHUB_MODELS_DEV_URL=str(folder / "api.json"), LLMHUB_ARENA_URL=str(folder / "board.json")
    )
    sources = [
        CatalogSource(name="models_dev", load=models_dev_source.load, priority=60),
        CatalogSource(name="lmarena", load=lmarena_source.load, priority=40),
    ]
    try:
        built = build_catalog(sources, [TierDeriver(name="quantiles", derive=quantiles.derive)], context)
    except NoCatalogError as error:
        str(error).encode()
        return
    for warning in built.warnings:
        assert "failed with" not in warning, warning
    write_catalog(built, folder / "catalog.json")
    stored = read_catalog(folder / "catalog.json")
    assert stored is not None
    assert dict(stored.models) == dict(built.models)


def kept_copy(content: bytes, folder: Path) -> None:
    """A last good copy on disk is used whole, or counts as absent."""
    copies = Copies(folder=folder)
    copies.file("https://example.org/a.json").write_bytes(content)
    copy = copies.read("https://example.org/a.json")
    if copy is not None:
        modified = copy.modified_at
        assert modified is None or datetime.fromisoformat(modified).tzinfo is not None


def _context(folder: Path, **environ: str) -> SourceContext:
    return SourceContext(
        environ=environ,
        now=lambda: NOW,
        fetch_json=CachingFetch(folder=folder / "copies", now=lambda: NOW),
        progress=lambda _: None,
    )


def _sound_or_refused(load: Callable[[SourceContext], SourceLoad], context: SourceContext) -> None:
    for copy in context.fetch_json.folder.glob("*.json"):  # type: ignore[attr-defined]
        copy.unlink()  # what the input before left
    try:
        _sound(load(context))
    except SourceError as error:
        str(error).encode()


def _sound(load: SourceLoad) -> None:
    """What came out makes sense, whatever went in."""
    for told in (*load.quarantined, *load.warnings):
        told.encode()
    for record in load.records:
        assert record.model_id
        json.dumps(asdict(record), allow_nan=False, ensure_ascii=False).encode()  # can be written and shown
        facts = record.facts
        for limit in (facts.context_tokens, facts.max_input_tokens, facts.max_output_tokens):
            assert limit is None or (type(limit) is int and 0 < limit < 1e15), limit
        for flag in (facts.supports_tool_call, facts.supports_reasoning, facts.open_weights):
            assert flag in (None, True, False)
        if facts.price is not None:
            _sound_price(facts.price)
        for score in record.scores:
            _sound_score(score)


def _sound_price(price: Price) -> None:
    amounts: list[Any] = [price.input, price.output, price.reasoning, price.cache_read, price.cache_write]
    amounts += [price.input_audio, price.output_audio]
    for tier in price.tiers:
        assert tier.above_tokens > 0
        amounts += [tier.input, tier.output, tier.cache_read, tier.cache_write]
    assert all(amount is None or (type(amount) is float and 0 <= amount <= HIGHEST_PRICE) for amount in amounts), price


def _sound_score(score: Score) -> None:
    assert math.isfinite(score.rating)
    assert (score.low is None) == (score.high is None)
    if score.low is not None and score.high is not None:
        assert score.low <= score.rating <= score.high
    assert score.votes is None or score.votes >= 0
