"""Workers are killed outright under a client that retries as it comes: no call fails for whoever makes it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import openai

KILLED = 3
"""Workers that are to be replaced while the client asks, however fast the machine."""
CALLS = 300
"""At least so many are made."""
CLIENTS = 6


def test_no_call_of_a_client_that_retries_fails_while_workers_are_killed_and_replaced(
    started: Callable[..., Any], provider_server: Any
) -> None:
    # Each call takes a while, and no processor: some are under way whenever a worker is killed.
    provider_server.always("gpt-4o-mini", "hang-0.1")
    served = started("--workers", "2")
    killed = Event()

    def ask_on(_: int) -> list[str]:
        said: list[str] = []
        with openai.OpenAI(base_url=f"{served.url}/v1", api_key="any") as client:
            while len(said) < CALLS / CLIENTS or not killed.is_set():
                answer = client.chat.completions.create(model="alone", messages=[{"role": "user", "content": "Hello"}])
                said.append(answer.choices[0].message.content or "")
        return said

    with ThreadPoolExecutor(CLIENTS) as pool:
        asking = [pool.submit(ask_on, number) for number in range(CLIENTS)]
        try:
            for _ in range(KILLED):
                kill_one(served)
        finally:
            killed.set()
        said = [each for one in asking for each in one.result()]
    assert len(said) >= CALLS
    assert set(said) == {"You said: Hello"}
    assert provider_server.counts.requests > len(said), "calls were cut, and made again"
    assert served.log.read_text().count("(by SIGKILL) and is replaced") == KILLED
    assert served.end() == 0


def kill_one(served: Any) -> None:
    """Kill a worker, and wait until another serves in its place."""
    serving = served.log.read_text().count(" serves")
    os.kill(served.workers()[0], signal.SIGKILL)
    until = time.monotonic() + 60
    while served.log.read_text().count(" serves") == serving:
        assert time.monotonic() < until, served.log.read_text()
        time.sleep(0.02)
