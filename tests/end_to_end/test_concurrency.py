"""Many callers, one hub: no error, no new connection per call, no growth."""

import asyncio
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from llmhub import Hub

HELLO = [{"role": "user", "content": "Hello"}]
CALLERS = 64
CALLS = 8_000


@pytest.fixture
def server_process():
    """The provider server as a process of its own, so that it does not share our interpreter."""
    process = subprocess.Popen(
        [sys.executable, "-m", "llmhub.testing.server", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process.stdout.readline().strip()
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def hub(server_process, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback-0123456789")
    config = {
        "project": "test",
        "providers": {"openai": {"api_base": f"{server_process}/v1"}},
        "roles": {"chat": {"provider": "openai", "model": "gpt-4o-mini"}},
    }
    with Hub(config=config) as hub:
        yield hub


def resident_memory() -> float:
    """MiB of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def connections_of(url: str) -> int:
    import httpx

    return httpx.get(f"{url}/_llmhub/counts").json()["connections_accepted"]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc")
def test_64_threads_and_64_tasks_share_a_hub_for_8_000_calls(hub, server_process):
    mistakes = []
    half = CALLS // 2 // CALLERS

    def one_thread(number: int) -> int:
        for call in range(half):
            question = f"thread {number} call {call}"
            answer = hub.completion("chat", [{"role": "user", "content": question}]).choices[0].message.content
            if question not in answer:
                mistakes.append((question, answer))
        return half

    async def one_task(number: int) -> int:
        for call in range(half):
            question = f"task {number} call {call}"
            answer = (await hub.acompletion("chat", [{"role": "user", "content": question}])).choices[0].message.content
            if question not in answer:
                mistakes.append((question, answer))
        return half

    async def all_tasks() -> list[int]:
        return await asyncio.gather(*(one_task(number) for number in range(CALLERS)))

    def warm_up() -> None:
        barrier = threading.Barrier(CALLERS)

        def one(_):
            barrier.wait()
            for _ in range(10):
                hub.completion("chat", HELLO)

        with ThreadPoolExecutor(CALLERS) as threads:
            list(threads.map(one, range(CALLERS)))

    warm_up()
    before_memory, before_connections = resident_memory(), connections_of(server_process)
    with ThreadPoolExecutor(CALLERS + 1) as threads:
        tasks = threads.submit(asyncio.run, all_tasks())
        done = sum(threads.map(one_thread, range(CALLERS))) + sum(tasks.result())
    grown = resident_memory() - before_memory
    opened = connections_of(server_process) - before_connections

    assert done == 2 * half * CALLERS
    assert done > CALLS * 0.99
    assert mistakes == []
    # The tasks' own loop opens up to one each; the threads' are warm. The two questions above cost one each.
    assert opened <= CALLERS + 2
    # About 8,000 calls: a leak of even 2 kB a call would show as 16 MiB.
    assert grown < 16, f"resident memory grew by {grown:.0f} MiB"
