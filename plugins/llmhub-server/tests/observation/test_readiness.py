"""`GET /healthz` and `/readyz`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from llmhub.testing import ProviderServer

from .test_figures import Served


def test_a_server_lives_as_long_as_it_answers(provider_server: ProviderServer, tmp_path: Path):
    answer = Served(provider_server, tmp_path).ask(("GET", "/healthz", None))[0]
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert answer.headers["cache-control"] == "no-store"


def test_a_server_is_ready_with_any_llm_imported_and_a_ledger_within_reach(
    provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import any_llm  # noqa: F401 - as a worker does before it serves

    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "kept"))
    answer = Served(provider_server, tmp_path, ledger="sqlite").ask(("GET", "/readyz", None))[0]
    assert answer.status_code == 200, answer.text
    assert answer.json()["conditions"] == {
        "configuration": "2 roles",
        "any_llm": "imported",
        "ledger": "reachable",
        "draining": "no",
    }


def test_a_server_that_ends_is_not_ready(provider_server: ProviderServer, tmp_path: Path):
    served = Served(provider_server, tmp_path)
    served.service.state.draining = True
    answer = served.ask(("GET", "/readyz", None))[0]
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")


def test_a_ledger_out_of_reach_is_told_without_saying_where_it_is(
    provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "a-file").write_text("in the way of a folder")
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "a-file"))
    answer = Served(provider_server, tmp_path, ledger="sqlite").ask(("GET", "/readyz", None))[0]
    assert answer.status_code == 503
    assert "cannot be reached" in answer.json()["conditions"]["ledger"]
    assert "a-file" not in answer.text


def test_a_server_whose_first_call_would_wait_for_imports_is_not_ready(
    provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    served = Served(provider_server, tmp_path)
    monkeypatch.delitem(sys.modules, "any_llm", raising=False)
    answer = served.ask(("GET", "/readyz", None))[0]
    assert answer.status_code == 503
    assert answer.json()["conditions"]["any_llm"] == "not imported yet"
