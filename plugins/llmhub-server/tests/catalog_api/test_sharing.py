"""Another machine takes its whole catalog from the service: another folder, another process, over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .conftest import MODELS, model

NOW = datetime.now(UTC).replace(microsecond=0)


def llmhub(folder: Path, address: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`llmhub ARGUMENTS` on a machine whose own sources are nowhere."""
    folder.mkdir(exist_ok=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LLMHUB_")}
    environ |= {
        "LLMHUB_CACHE_DIR": str(folder / "kept"),
        "LLMHUB_CATALOG_URL": address,
        "LLMHUB_MODELS_DEV_URL": str(folder / "nowhere.json"),
        "LLMHUB_ARENA_URL": str(folder / "nowhere.json"),
    }
    command = [sys.executable, "-m", "llmhub", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60)


def test_a_team_shares_one_refreshed_catalog(serving: Callable[..., str], stored: Callable[..., None], tmp_path: Path):
    # Of today: a stale one would be refreshed beside the commands, too, at whatever moment.
    built = [moment.isoformat() for moment in (NOW, NOW + timedelta(seconds=1))]
    stored(built_at=built[0])
    address = serving()
    first = llmhub(tmp_path / "other", address, "catalog", "refresh", "--json")
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert (told["through"], told["built_at"], told["models"]) == (address, built[0], len(MODELS))

    shown = llmhub(tmp_path / "other", address, "catalog", "info", "gpt-4.1", "--json")
    facts = json.loads(shown.stdout)
    assert {one["source"] for one in facts["provenance"]} == {"models_dev", "lmarena"}
    assert facts["arena_score"] == 1413
    assert f"by {address}" in llmhub(tmp_path / "other", address, "catalog", "show").stdout

    stored(*MODELS, model("openai:gpt-9", (1, 2)), built_at=built[1])
    second = llmhub(tmp_path / "other", address, "catalog", "refresh")
    assert "1 added" in second.stdout
    assert "openai:gpt-9" in llmhub(tmp_path / "other", address, "catalog", "diff").stdout


def test_a_first_load_takes_the_catalog_of_the_team(
    serving: Callable[..., str], stored: Callable[..., None], tmp_path: Path
):
    stored()
    shown = llmhub(tmp_path / "fresh", serving(), "catalog", "show", "--provider", "groq")
    assert "groq:qwen/qwen3-32b" in shown.stdout
    assert shown.returncode == 0


def test_a_service_that_is_away_is_an_error_that_says_so(tmp_path: Path):
    missing = llmhub(tmp_path / "lonely", "http://127.0.0.1:9", "catalog", "refresh")
    assert missing.returncode == 3
    assert "http://127.0.0.1:9/api/catalog/export: cannot be reached" in missing.stderr
    assert "LLMHUB_CATALOG_URL" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_the_service_of_a_shared_catalog_says_who_made_it(
    serving: Callable[..., str], stored: Callable[..., None], tmp_path: Path
):
    import httpx

    stored(through="http://10.0.0.5:8080")
    address = serving()
    assert httpx.get(f"{address}/api/sources").json()["catalog"]["through"] == "http://10.0.0.5:8080"
