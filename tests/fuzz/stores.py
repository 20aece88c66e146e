"""Fuzz targets: what LLM Hub wrote earlier and reads back, and what plugins and models hand it."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import asdict
from tests.fuzz.sources import NOW

from llmhub.anyllm.failures import retry_after
from llmhub.builtin.llm_assisted.answer import RefusedAnswerError, advice_from
from llmhub.builtin.llm_assisted.cache import AnswerCache
from llmhub.builtin.llm_assisted.question import Question
from llmhub.builtin.sqlite_ledger.budgets import SqliteBudgets
from llmhub.builtin.sqlite_ledger.calls import SqliteLedger
from llmhub.calls.cache import ResponseCache
from llmhub.catalog import Catalog, shared
from llmhub.catalog.fetch import CachingFetch
from llmhub.catalog.store import catalog_of, read_catalog, write_catalog
from llmhub.errors import CatalogError, LedgerError, SourceError
from llmhub.host import PluginHost
from llmhub.host.entry_points import entry_points
from llmhub.records.model import (
    CanonicalModel,
    CatalogStatistics,
    Link,
    Price,
    PriceTier,
    Provenance,
    ProviderListing,
    Score,
    SourceState,
)
from llmhub.records.selection import Need
from llmhub.records.shape import checked
from llmhub.records.spending import Cost, LedgerEntry, Purse, Settlement, SpendQuery
from llmhub.testing.ledger_contract import entry


def catalog(content: bytes, folder: Path) -> None:
    """A stored catalog is read, with every model as it was meant, or it is damaged and says so."""
    file = folder / "catalog.json"
    file.write_bytes(content)
    try:
        found = read_catalog(file)
        assert found is not None
        models = dict(found.models)
    except CatalogError as error:
        str(error).encode()
        return
    for key, model in models.items():
        assert key == model.canonical_id
        _sound_model(model)
    for state in found.sources:
        assert isinstance(state.ok, bool)
        assert type(state.records) is int
    for cuts in found.statistics.quantiles.values():
        assert len(cuts) == 4
        assert all(type(cut) in (int, float) and math.isfinite(cut) for cut in cuts)
    write_catalog(found, folder / "again.json")
    again = read_catalog(folder / "again.json")
    assert again is not None
    assert dict(again.models) == models


def shared_catalog(content: bytes, folder: Path) -> None:
    """A catalog that another machine serves is taken whole, with every model as it was meant, or refused in words."""
    served = folder / "served.json"
    served.write_bytes(content)
    for copy in (folder / "copies").glob("*.json"):
        copy.unlink()  # what the input before left
    fetch = CachingFetch(folder=folder / "copies", now=lambda: NOW)
    try:
        fetched = fetch(str(served), accept=shared.check)
    except SourceError as error:
        str(error).encode()
        return
    models = dict(catalog_of(fetched.document, "it").models)
    assert models
    for key, model in models.items():
        assert key == model.canonical_id
        _sound_model(model)


def _sound_model(model: CanonicalModel) -> None:
    json.dumps(asdict(model), allow_nan=False)
    for name, value in asdict(model, recurse=False).items():
        if name.endswith("_tier"):
            assert value is None or type(value) is int, (name, value)
        elif name.startswith("supports_") or name == "open_weights":
            assert value is None or isinstance(value, bool), (name, value)
        elif name.endswith("_tokens"):
            assert value is None or type(value) is int, (name, value)
        elif name.startswith(("price_", "arena_")) and name != "price_state":
            assert value is None or (type(value) in (int, float) and math.isfinite(value)), (name, value)
        elif name in ("display_name", "family", "status", "release_date"):
            assert value is None or isinstance(value, str), (name, value)
        elif name in ("tags", "input_modalities", "output_modalities"):
            assert isinstance(value, tuple), (name, value)
            assert all(isinstance(item, str) for item in value), (name, value)
    assert model.price_state in ("known", "unknown", "included")
    checked(model)


def ledger_file(content: bytes, folder: Path) -> None:
    """A ledger's file is read, or told as damaged with what to do."""
    _fresh_database(folder / "ledger.db", content)
    _read_ledger(folder / "ledger.db")


def ledger_rows(content: bytes, folder: Path) -> None:
    """A ledger with one row in which columns hold other values: `{"calls": {column: value}, "attempts": {...}}`."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return
    file, kept = folder / "rows.db", folder / "kept.db"
    if not kept.exists():
        with closing(SqliteLedger(kept)) as ledger:
            ledger.write([entry("a"), entry("b")])
    _fresh_database(file, kept.read_bytes())
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for table in ("calls", "attempts", "feedback"):
            values = document.get(table) if isinstance(document, dict) else None
            for column, value in values.items() if isinstance(values, dict) else ():
                if re.fullmatch("[a-z_]+", column) and not isinstance(value, (dict, list)):
                    try:
                        connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (value,))
                    except (sqlite3.Error, OverflowError, UnicodeError):
                        continue
    _read_ledger(file)


def budget_file(content: bytes, folder: Path) -> None:
    """The counters of budgets are read, or told as damaged with what to do."""
    _fresh_database(folder / "budgets.db", content)
    try:
        with closing(SqliteBudgets(folder / "budgets.db", lambda: NOW)) as budgets:
            for state in budgets.states(["a", "b"]).values():
                assert isinstance(state.spent, Decimal)
    except LedgerError as error:
        _has_a_remedy(error)


def _has_a_remedy(error: LedgerError) -> None:
    assert "ledger: none" in str(error) or "later version" in str(error), error


def _read_ledger(file: Path) -> None:
    try:
        with closing(SqliteLedger(file)) as ledger:
            for _, found in ledger.entries(SpendQuery()):
                _sound_entry(found)
            for total in ledger.totals("day", SpendQuery()):
                assert isinstance(total.cost, Decimal)
                assert type(total.input_tokens) is int
            for feedback in ledger.feedback(SpendQuery()):
                assert math.isfinite(feedback.score)
    except LedgerError as error:
        _has_a_remedy(error)


def _sound_entry(found: LedgerEntry) -> None:
    assert found.at.tzinfo is not None
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in found.labels.items())
    for name in ("call_id", "role", "provider", "model", "status"):
        assert isinstance(getattr(found, name), str), name
    assert math.isfinite(found.latency)
    for usage in (found.usage, *(attempt.usage for attempt in found.attempts)):
        for name, tokens in asdict(usage).items() if usage else ():
            assert tokens is None or name == "cost" or type(tokens) is int, (name, tokens)
    for cost in (found.cost, *(attempt.cost for attempt in found.attempts)):
        _sound_cost(cost)


def _sound_cost(cost: Cost) -> None:
    assert cost.dollars is None or (isinstance(cost.dollars, Decimal) and cost.dollars.is_finite())
    assert cost.source in (None, "provider", "genai_prices", "catalog", "cache")


def cache_file(content: bytes, folder: Path) -> None:
    """A file of kept answers serves an answer, or none: it never costs a call."""
    file = _fresh_database(folder / "answers.db", content)
    with closing(ResponseCache(file)) as cache:
        cache.get(b"key")


def cache_row(content: bytes, folder: Path) -> None:
    """A kept answer that says anything is one of any-llm's objects, or none."""
    file = _fresh_database(folder / "row.db", b"")
    with closing(ResponseCache(file)) as cache:
        cache.get(b"key")
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            text = content.decode(errors="replace")
            connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", (b"key", 1e12, 0, text))
        found = cache.get(b"key")
    assert found is None or hasattr(found, "model_dump_json")


def _fresh_database(file: Path, content: bytes) -> Path:
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink()
    file.write_bytes(content)
    return file


QUESTION = Question(
    role="llm.inference",
    need=Need(role="llm.inference", mode="chat", providers=("openai",), weights={}, context_min=8000),
    stated={"cost": "low"},
    shortlist=("openai:gpt-4o", "openai:gpt-4o-mini"),
    schema={},
    messages=(),
)


def llm_answer(content: bytes, folder: Path) -> None:
    """What a model says of a role is advice within its bounds, or refused in words; kept answers are read or absent."""
    cache = AnswerCache(folder)
    cache.put("key", "m", "a")
    (folder / "llm-answers" / "key.json").write_bytes(content)
    text = cache.get("key") or content.decode(errors="surrogateescape")
    try:
        advice = advice_from(text, QUESTION)
    except RefusedAnswerError as refusal:
        str(refusal).encode()
        return
    assert set(advice.order) <= set(QUESTION.shortlist)
    assert len(advice.order) == len(set(advice.order))
    assert advice.context_min is None or advice.context_min >= 8000
    assert advice.levels.get("cost") is None
    assert "\n" not in advice.reason
    assert advice.reason
    advice.reason.encode()


def distribution(content: bytes, folder: Path) -> None:
    """Metadata of an installed distribution: entry_points.txt and, behind a line `---`, METADATA."""
    site = folder / "site"
    metadata = site / "llmhub_fuzzed-1.0.dist-info"
    if not metadata.exists():
        metadata.mkdir(parents=True)
    entries, _, headers = content.partition(b"\n---\n")
    (metadata / "entry_points.txt").write_bytes(entries)
    (metadata / "METADATA").write_bytes(headers)
    found = entry_points([str(site), str(folder / "none"), ""])
    host = PluginHost([one for one in found if not _may_be_imported(one.value)])
    for info in host.load_all():
        assert info.status == "failed"
        for failure in info.failures:
            str(failure).encode()


def _may_be_imported(value: str) -> bool:
    """A real module's name is nothing to try at random."""
    module = value.partition(":")[0].strip()
    return re.fullmatch(r"[\w.]+", module) is not None and not module.startswith("llmhub_fuzzed")


def retry_header(content: bytes, folder: Path) -> None:
    """A Retry-After of a provider is a wait in seconds, or unknown."""
    folder.exists()
    headers: Mapping[str, Any] = {"retry-after": content.decode("latin-1")}
    seconds = retry_after(type("Fault", (Exception,), {"headers": headers})())
    assert seconds is None or 0 <= seconds < math.inf


def whole(name: str) -> Mapping[str, bytes]:
    """What the program itself writes, to be damaged."""
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        if name in ("catalog", "shared_catalog"):
            write_catalog(_small_catalog(), folder / "catalog.json")
            text = (folder / "catalog.json").read_bytes()
            return {"whole": text, "reformatted": json.dumps(json.loads(text), indent=1).encode()}
        if name == "ledger_file":
            with closing(SqliteLedger(folder / "ledger.db")) as ledger:
                ledger.write([entry("a"), entry("b")])
            return {"whole": (folder / "ledger.db").read_bytes()}
        if name == "budget_file":
            with closing(SqliteBudgets(folder / "budgets.db", lambda: NOW)) as budgets:
                purse = Purse(key="a", limit=Decimal(5))
                budgets.settle([Settlement(reservation_id=None, purses=(purse,), amount=Decimal(1))])
            return {"whole": (folder / "budgets.db").read_bytes()}
        if name == "cache_file":
            with closing(ResponseCache(folder / "answers.db")) as cache:
                cache.get(b"key")
            return {"whole": (folder / "answers.db").read_bytes()}
    return {}


def _small_catalog() -> Catalog:
    model = CanonicalModel(
        canonical_id="openai:gpt-4o",
        provider="openai",
        model_id="gpt-4o",
        display_name="GPT-4o",
        cost_tier=4,
        arena_score=1345.5,
        price_state="known",
        price_input_per_million=2.5,
        price=Price(input=2.5, output=10.0, tiers=(PriceTier(above_tokens=272_000, input=5.0),)),
        context_tokens=128_000,
        supports_tool_call=False,
        input_modalities=("text", "image"),
        tags=("tools", "vision"),
        scores=(Score(board="text", category="overall", rating=1345.5, low=1340.0, high=1350.0),),
        links=(Link(source="lmarena", name="gpt-4o", relation="exact", rule="same-tokens"),),
        provenance=(Provenance(field="price", source="models_dev", as_of="2026-07-02"),),
        tier_reasons={"cost_tier": "because"},
    )
    other = CanonicalModel(canonical_id="bedrock:nova:0", provider="bedrock", model_id="nova:0", tags=("tools",))
    return Catalog(
        models={one.canonical_id: one for one in (model, other)},
        statistics=CatalogStatistics(quantiles={"overall": (1.0, 2.0, 3.0, 4.0)}),
        sources=(SourceState(name="models_dev", ok=True, records=2, as_of="2026-07-02"),),
        listings=(ProviderListing(provider="openai", outcome="no_key"),),
        unlinked={"yi-lightning": None},
        warnings=("a warning",),
        built_at="2026-11-20T12:00:00+00:00",
        fingerprint="0123456789abcdef",
    )
