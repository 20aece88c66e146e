"""Thousands of calls over providers that fail in every way there is: each call ends, in time, with an answer or with an
error that lists its attempts; the server has seen what the attempts say; and nothing is left behind.

`python -m tests.benchmarks.faults` runs the storm with 10,000 calls and prints what came of them.
"""

import asyncio
import gc
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from attrs import define, field

from llmhub import Hub, errors
from llmhub.host import PluginHost

pytestmark = pytest.mark.filterwarnings(
    # httpx leaves the generators of broken responses to the collector, which may come upon them at a bad moment.
    "ignore:Exception ignored in. <async_generator:pytest.PytestUnraisableExceptionWarning"
)

FAULTS = ("429", "500", "503", "hang-30", "reset-0", "reset-1", "cut-2", "bad-json", "slow-30", "401")
"""As words of the provider server; the refused connection is a port nobody listens on."""

SHARE = 0.3
LATE = 2.0
"""Seconds past the deadline that a busy machine is forgiven before a call counts as hanging."""

TARGETS = ("first", "second", "third")


@define
class Tally:
    """What came of the calls: counts of endings and of failed attempts by name, attempts by model."""

    deadline: float
    endings: Counter = field(factory=Counter)
    failures: Counter = field(factory=Counter)
    slowest: float = 0.0
    attempts: Counter = field(factory=Counter)
    unsent: Counter = field(factory=Counter)
    odd: list = field(factory=list)
    lock: threading.Lock = field(factory=threading.Lock)

    def end(self, began: float, error: BaseException | None) -> None:
        with self.lock:
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.endings[type(error).__name__ if error else "answer"] += 1
            if error is not None and (not isinstance(error, errors.CallError) or not error.attempts):
                self.odd.append(error)

    def hear(self, result) -> None:
        with self.lock:
            for attempt in result.attempts:
                self.attempts[attempt.model] += 1
                self.failures[attempt.error_class] += attempt.error_class is not None
                # It may have run out of time before its request was on its way; a refused or skipped one never was.
                doubtful = attempt.status == "skipped" or attempt.error_class == "CallTimeoutError"
                self.unsent[attempt.model] += doubtful


def configuration(url: str, nobody: str, timeout: float, deadline: float) -> dict:
    target = {name: {"provider": "gateway", "model": name} for name in TARGETS}
    policy = {"timeout": timeout, "deadline": deadline, "retry": {"attempts": 2, "max_delay": 0.02}}
    return {
        "project": "storm",
        "providers": {"gateway": {"api_base": f"{url}/v1"}, "nobody": {"api_base": nobody}},
        "roles": {
            "storm": {**target["first"], **policy, "fallbacks": [target["second"], target["third"]]},
            "refused": {
                "provider": "nobody",
                "model": "none",
                **policy,
                "fallbacks": [target["second"], target["third"]],
            },
        },
    }


def break_things(url: str, faults: tuple[str, ...], calls: int, seed: int) -> None:
    """Let a share of the requests for each target meet one of *faults*, in an order that *seed* decides."""
    chance = random.Random(seed)
    for model in TARGETS:
        words = [chance.choice(faults) if chance.random() < SHARE else "ok" for _ in range(2 * calls)]
        httpx.post(f"{url}/_llmhub/script", json={"model": model, "faults": words}).raise_for_status()


def storm(hub: Hub, tally: Tally, calls: int, *, refused: float = 0.0, tasks: int = 48, threads: int = 8) -> None:
    """Make *calls* calls, two thirds of them from tasks and one third from threads, every other one streamed."""
    asked = [{"role": "user", "content": "one two three four five"}]
    chance = random.Random(7)
    roles = ["refused" if chance.random() < refused else "storm" for _ in range(calls)]

    async def one_task(numbers) -> None:
        for number in numbers:
            began, error = time.monotonic(), None
            try:
                answer = await hub.acompletion(roles[number], asked, stream=number % 2 == 0)
                if number % 2 == 0:
                    async for _ in answer:
                        pass
            except Exception as raised:
                error = raised
            tally.end(began, error)

    def one_thread(numbers) -> None:
        for number in numbers:
            began, error = time.monotonic(), None
            try:
                answer = hub.completion(roles[number], asked, stream=number % 2 == 0)
                if number % 2 == 0:
                    for _ in answer:
                        pass
            except Exception as raised:
                error = raised
            tally.end(began, error)

    async def all_tasks(numbers) -> int:
        await asyncio.gather(*(one_task(numbers[start::tasks]) for start in range(tasks)))
        # SDKs leave generators to the collector, and asyncio closes each of those in a task of a moment.
        await asyncio.sleep(0.1)
        return len(asyncio.all_tasks()) - 1

    by_tasks = range(calls * 2 // 3)
    by_threads = range(calls * 2 // 3, calls)
    with ThreadPoolExecutor(threads + 1) as pool:
        loop = pool.submit(asyncio.run, all_tasks(by_tasks))
        list(pool.map(one_thread, [by_threads[start::threads] for start in range(threads)]))
        assert loop.result() == 0, "tasks were left on the loop"


def descriptors() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def settled(measure, expected: int, seconds: float = 10.0) -> int:
    """What *measure* gives, once it has come down to *expected* or time is up."""
    end = time.monotonic() + seconds
    while (found := measure()) > expected and time.monotonic() < end:
        time.sleep(0.05)
        gc.collect()
    return found


@pytest.fixture(scope="module")
def url():
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


@pytest.fixture(scope="module")
def nobody():
    """An address that refuses connections: bound, so that nobody else gets it, and not listening."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


@pytest.fixture
def run(url, nobody):
    def run(
        faults: tuple[str, ...],
        calls: int,
        *,
        circuit: dict | None = None,
        timeout: float = 1.0,
        deadline: float = 8.0,
        **options,
    ) -> Tally:
        tally = Tally(deadline)
        httpx.post(f"{url}/_llmhub/reset").raise_for_status()
        config = configuration(url, nobody, timeout, deadline)
        if circuit is not None:
            config["circuit"] = circuit
        with Hub(config=config, plugins=PluginHost.empty(), on_after_call=tally.hear) as hub:
            # The clients are made before the storm, so that its timeouts measure the providers.
            hub.completion("storm", [{"role": "user", "content": "x"}])
            break_things(url, faults, calls, seed=len(faults))
            storm(hub, tally, calls, **options)
            assert sum(load.running + load.waiting for load in hub.health().providers) == 0
        return tally

    return run


def check(tally: Tally, calls: int, url: str) -> None:
    assert sum(tally.endings.values()) == calls
    assert tally.odd == []
    assert tally.slowest < tally.deadline + LATE
    counts = httpx.get(f"{url}/_llmhub/counts").json()["by_model"]
    for model in TARGETS:
        assert tally.attempts[model] - tally.unsent[model] <= counts.get(model, 0) <= tally.attempts[model]


NEVER_OPEN = {"failures": 0}


@pytest.mark.parametrize("fault", FAULTS)
def test_under_each_fault_alone_every_call_ends_in_an_answer_or_a_listed_failure(run, url, fault):
    calls = 36
    tally = run((fault,), calls, circuit=NEVER_OPEN, tasks=12, threads=4)
    check(tally, calls, url)
    if fault == "401":
        assert tally.endings["AuthenticationError"] > 0
    elif fault not in ("cut-2", "reset-1"):  # those reach a stream after its first chunk
        assert tally.endings["answer"] > calls * 0.9


def test_under_a_refused_connection_every_call_is_answered_by_a_fallback(run, url):
    tally = run(("ok",), 36, refused=1.0, tasks=12, threads=4)
    check(tally, 36, url)
    assert tally.endings == {"answer": 36}


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_under_all_faults_mixed_every_call_ends_in_time_and_nothing_is_left_behind(run, url):
    run(("ok",), 24, tasks=12, threads=4)  # whatever is loaded once, is loaded now
    gc.collect()
    before = threading.active_count(), descriptors()
    calls = 1500
    tally = run(FAULTS, calls, refused=0.03, timeout=2.0, deadline=15.0)
    check(tally, calls, url)
    assert tally.endings["answer"] > calls * 0.6
    assert settled(threading.active_count, before[0]) <= before[0]
    assert settled(descriptors, before[1]) <= before[1]
    assert settled(lambda: httpx.get(f"{url}/_llmhub/counts").json()["connections_open"], 1) <= 1
