"""What tests of processes ask and wait for."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest


@pytest.fixture
def ask() -> Callable[..., httpx.Response]:
    """`ask(served)`, `ask(served, key="llmhub_...", model="chat")`: one chat completion."""

    def post(served: Any, *, key: str | None = None, client: Any = httpx, **body: Any) -> httpx.Response:
        asked = {"model": "alone", "messages": [{"role": "user", "content": "Hello"}], **body}
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        answer: httpx.Response = client.post(
            f"{served.url}/v1/chat/completions", json=asked, headers=headers, timeout=60
        )
        return answer

    return post


@pytest.fixture
def wait_until() -> Callable[..., Any]:
    """`wait_until(condition)`: what it answers as soon as that is true."""

    def wait(condition: Callable[[], Any], seconds: float = 60.0) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError("it did not come about")

    return wait


@pytest.fixture
def recorded(project: Any) -> Callable[[], int]:
    """How many calls the ledger of `project` has."""

    def count() -> int:
        connection = sqlite3.connect(project.kept / "ledger.db")
        try:
            found: int = connection.execute("SELECT count(*) FROM calls").fetchone()[0]
        finally:
            connection.close()
        return found

    return count
