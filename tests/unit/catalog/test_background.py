"""A stale catalog serves at once, while a process of its own makes a new one; what went wrong there is told later."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from llmhub.catalog import load_catalog, refresh_catalog
from llmhub.catalog.background import PAUSE, last_problem, main, start_refresh
from llmhub.catalog.store import read_catalog
from llmhub.config.paths import catalog_file

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCES = ("models_dev",)


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    file = tmp_path / "mirror.json"
    file.write_text(json.dumps({"openai": {"models": {"gpt-x": {"id": "gpt-x", "name": "GPT X"}}}}))
    return file


@pytest.fixture
def environ(tmp_path: Path, mirror: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """That of this process, too: it is what a process of its own would find."""
    ours = {"LLMHUB_CACHE_DIR": str(tmp_path / "kept"), "LLMHUB_MODELS_DEV_URL": str(mirror)}
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    return ours


def stored_long_ago(environ: dict[str, str]) -> None:
    refresh_catalog(environ, sources=SOURCES, now=lambda: datetime.now(UTC) - timedelta(days=3))


def settings(**changed: Any) -> list[str]:
    return [json.dumps({"sources": list(SOURCES), "price_ratio": 3.0, **changed})]


def eventually(holds: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def test_a_stale_catalog_serves_at_once_and_a_new_one_a_little_later(environ: dict[str, str], mirror: Path) -> None:
    stored_long_ago(environ)
    mirror.write_text(json.dumps({"openai": {"models": {"gpt-x": {"id": "gpt-x"}, "gpt-y": {"id": "gpt-y"}}}}))
    served = load_catalog(environ, when_stale="refresh", sources=SOURCES)
    assert list(served.models) == ["openai:gpt-x"]
    assert eventually(lambda: len(load_catalog(environ).models) == 2)
    assert not load_catalog(environ).is_stale(datetime.now(UTC))
    assert last_problem(environ) == ""


@pytest.mark.parametrize("offline", ["1", "true"])
def test_offline_and_while_fresh_nothing_is_begun(environ: dict[str, str], tmp_path: Path, offline: str) -> None:
    stored_long_ago(environ)
    load_catalog({**environ, "LLMHUB_OFFLINE": offline}, when_stale="refresh", sources=SOURCES)
    refresh_catalog(environ, sources=SOURCES)
    load_catalog(environ, when_stale="refresh", sources=SOURCES)
    assert not (tmp_path / "kept/background-refresh.json").exists()


@pytest.mark.parametrize(
    ("later", "begun"),
    [(timedelta(0), False), (PAUSE / 2, False), (PAUSE, True), (timedelta(days=-1), True)],
    ids=["at once", "shortly after", "after the pause", "the clock was set back"],
)
def test_none_is_begun_shortly_after_another(
    environ: dict[str, str], tmp_path: Path, later: timedelta, begun: bool
) -> None:
    note = tmp_path / "kept/background-refresh.json"
    note.parent.mkdir()
    note.write_text(json.dumps({"begun": NOW.isoformat()}))
    offline = {**environ, "LLMHUB_OFFLINE": "1"}
    assert start_refresh(offline, NOW + later, sources=SOURCES) is begun


@pytest.mark.parametrize("note", ["", "{", "[]", '{"begun": 3}', '{"begun": "lately"}'])
def test_a_damaged_note_hinders_nothing(environ: dict[str, str], tmp_path: Path, note: str) -> None:
    file = tmp_path / "kept/background-refresh.json"
    file.parent.mkdir()
    file.write_text(note)
    assert last_problem(environ) == ""
    stored_long_ago(environ)
    assert load_catalog(environ).warnings == ()


def test_with_nowhere_to_write_none_is_begun(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("")
    assert not start_refresh({**environ, "LLMHUB_CACHE_DIR": str(tmp_path / "in-the-way")}, NOW)


def test_what_hindered_it_is_told_by_the_next_load_until_one_succeeds(environ: dict[str, str], mirror: Path) -> None:
    stored_long_ago(environ)
    before = read_catalog(catalog_file(environ))
    mirror.write_text("<html>")
    environ["LLMHUB_ACCEPT_SHRUNK"] = "1"
    (Path(environ["LLMHUB_CACHE_DIR"]) / "downloads").rename(Path(environ["LLMHUB_CACHE_DIR"]) / "lost")
    assert main(settings()) == 3
    told = load_catalog(environ)
    assert "the last refresh in the background failed: " in told.warnings[0]
    assert "is not JSON" in told.warnings[0]
    assert before is not None
    assert dict(told.models) == dict(before.models)
    mirror.write_text(json.dumps({"openai": {"models": {"gpt-x": {"id": "gpt-x"}}}}))
    assert main(settings()) == 0
    assert load_catalog(environ).warnings == ()


def test_a_refresh_whose_result_was_not_used_has_failed_too(environ: dict[str, str], mirror: Path) -> None:
    """The user reads of it, although the process ended well."""
    mirror.write_text(json.dumps({"openai": {"models": {f"gpt-{n}": {"id": f"gpt-{n}"} for n in range(9)}}}))
    stored_long_ago(environ)
    (Path(environ["LLMHUB_CACHE_DIR"]) / "downloads").rename(Path(environ["LLMHUB_CACHE_DIR"]) / "lost")
    mirror.write_text(json.dumps({"openai": {"models": {"gpt-0": {"id": "gpt-0"}}}}))
    assert main(settings()) == 0
    (warning,) = load_catalog(environ).warnings
    assert "models_dev gave 1 records where it gave 9 then" in warning
    assert len(load_catalog(environ).models) == 9


def test_an_unforeseen_error_is_noted_without_the_keys_it_may_name(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-0123456789")
    stored_long_ago(environ)
    assert main(settings(sources=["sk-secret-0123456789"])) != 0
    assert main(settings(sources=3)) == 1
    assert "TypeError" in last_problem(environ)
    main(settings(sources=["sk-secret-0123456789"]))
    assert last_problem(environ) != ""
    assert "sk-secret" not in last_problem(environ)
