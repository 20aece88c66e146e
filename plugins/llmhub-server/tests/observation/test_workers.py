"""`llmhub serve --workers 2` as processes: whichever answers tells the figures of both."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from .test_figures import figures

ASK = {"model": "chat", "messages": [{"role": "user", "content": "Hello"}]}


def figure(url: str, *name: str) -> float:
    return figures(httpx.get(f"{url}/metrics", timeout=30).text).get(name, 0.0)


def eventually(wanted: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not wanted() and time.monotonic() < end:
        time.sleep(0.1)
    return wanted()


@pytest.mark.skipif(os.name == "nt", reason="several workers share a socket in a way that Windows has not")
def test_figures_are_those_of_all_workers(started: Callable[..., Any]):
    served = started("--workers", "2")
    name = ("llmhub_calls_total", "chat", "loopback", "gpt-4o-mini", "ok")
    for _ in range(12):  # each on a connection of its own, so that both workers get some
        assert httpx.post(f"{served.url}/v1/chat/completions", json=ASK, timeout=30).status_code == 200
    assert {figure(served.url, *name) for _ in range(6)} == {12.0}
    assert httpx.get(f"{served.url}/readyz", timeout=30).json()["status"] == "ready"

    # What a worker counted is kept when another takes its place.
    ended = served.workers()[0]
    os.kill(ended, signal.SIGKILL)
    assert eventually(lambda: len(served.workers()) == 2 and ended not in served.workers())
    assert figure(served.url, *name) == 12.0


def test_a_changed_configuration_is_counted_well_or_ill(started: Callable[..., Any], project: Any):
    served = started()
    config = json.loads((project.folder / "llmhub.yaml").read_text())
    project.write({**config, "roles": {"only": config["roles"]["alone"]}})
    assert eventually(lambda: figure(served.url, "llmhub_config_reloads_total", "ok") == 1)
    assert figure(served.url, "llmhub_roles") == 1
    project.write({"project": "shop", "roles": 7})
    assert eventually(lambda: figure(served.url, "llmhub_config_reloads_total", "failed") >= 1)
    assert figure(served.url, "llmhub_roles") == 1


def test_figures_and_the_catalog_ask_for_a_key_that_allows_them(started: Callable[..., Any], project: Any):
    watcher, team = project.new_key("watcher", "--allow", "metrics"), project.new_key("team", "--allow", "catalog")
    served = started()

    def ask(path: str, key: str | None = None) -> httpx.Response:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        return httpx.get(f"{served.url}{path}", headers=headers, timeout=60)

    assert ask("/healthz").status_code == ask("/readyz").status_code == 200
    for path in ("/metrics", "/api/sources", "/api/catalog/export", "/openapi.json"):
        assert ask(path).status_code == 401
    assert ask("/metrics", team).status_code == ask("/api/catalog/export", watcher).status_code == 403
    assert ask("/api/catalog/export", team).status_code == 200
    found = figures(ask("/metrics", watcher).text)
    assert found["llmhub_requests_total", "(none)", "GET", "401"] == 4
    assert found["llmhub_requests_total", "(none)", "GET", "403"] == 2
