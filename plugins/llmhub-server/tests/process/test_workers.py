"""Several workers: each that ends is replaced, and all end together."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import httpx
import pytest


@pytest.fixture(scope="module")
def two(start):
    """Two workers for several tests, each of which leaves two that serve."""
    return start("--workers", "2", "--drain", "5")


def alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def served_so_far(served) -> int:
    """How many workers have come to serve since the beginning."""
    return served.log.read_text().count(" serves")


def recorded_of(role: str, served) -> int:
    with closing(sqlite3.connect(served.project.kept / "ledger.db")) as connection:
        found: int = connection.execute("SELECT count(*) FROM calls WHERE role = ?", (role,)).fetchone()[0]
    return found


def test_a_killed_worker_is_replaced_while_the_other_serves(two, ask, wait_until) -> None:
    assert two.line.endswith("; 2 workers\n")
    before, so_far = two.workers(), served_so_far(two)
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    assert [ask(two).status_code for _ in range(10)] == [200] * 10
    wait_until(lambda: served_so_far(two) > so_far)
    assert len(set(two.workers()) - set(before)) == 1
    assert "(by SIGKILL) and is replaced" in two.log.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux changes the limits of another process")
def test_a_worker_that_cannot_be_started_is_tried_again_while_the_others_serve(two, ask, wait_until) -> None:
    import resource

    so_far = served_so_far(two)
    usual = resource.prlimit(two.process.pid, resource.RLIMIT_NOFILE)
    in_use = len(list(Path(f"/proc/{two.process.pid}/fd").iterdir()))
    resource.prlimit(two.process.pid, resource.RLIMIT_NOFILE, (in_use - 1, usual[1]))
    try:
        os.kill(two.workers()[0], signal.SIGKILL)
        wait_until(lambda: "a worker cannot be started: " in two.log.read_text())
        assert ask(two).status_code == 200
    finally:
        resource.prlimit(two.process.pid, resource.RLIMIT_NOFILE, usual)
    wait_until(lambda: served_so_far(two) > so_far)


def test_a_worker_that_hangs_is_ended_and_replaced(two, ask, wait_until) -> None:
    before, so_far = two.workers(), served_so_far(two)
    os.kill(before[1], signal.SIGSTOP)
    wait_until(lambda: served_so_far(two) > so_far)
    assert before[1] not in two.workers()
    assert "has said nothing for" in two.log.read_text()
    assert ask(two).status_code == 200


def test_no_request_fails_while_a_worker_is_told_to_end_and_replaced(two, ask, wait_until) -> None:
    before, so_far = two.workers(), served_so_far(two)
    replaced = Event()

    def keep_asking(_: int) -> list[int]:
        found = []
        with httpx.Client() as client:
            while not replaced.is_set():
                found.append(ask(two, client=client, model="chat").status_code)
        return found

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(keep_asking, number) for number in range(4)]
        try:
            os.kill(before[0], signal.SIGTERM)
            wait_until(lambda: served_so_far(two) > so_far)
        finally:
            replaced.set()
        statuses = [status for each in asking for status in each.result()]
    assert set(statuses) == {200}
    assert before[0] not in two.workers()
    wait_until(lambda: recorded_of("chat", two) == len(statuses))


def test_workers_end_when_their_supervisor_is_killed(started, wait_until) -> None:
    served = started("--workers", "2")
    workers = served.workers()
    served.process.kill()
    served.process.wait()
    wait_until(lambda: not any(map(alive, workers)))


def test_every_worker_finishes_its_calls_when_all_are_told_to_end(
    provider_server, started, ask, recorded, wait_until
) -> None:
    served = started("--workers", "2")
    provider_server.always("gpt-4o-mini", "hang-2")
    workers = served.workers()
    with ThreadPoolExecutor(8) as pool:
        under_way = [pool.submit(ask, served) for _ in range(8)]
        wait_until(lambda: len(provider_server.requests) == 8)
        served.process.terminate()
        assert [each.result(30).status_code for each in under_way] == [200] * 8
    assert served.process.wait(20) == 0
    assert recorded() == 8
    assert not any(map(alive, workers))


def test_a_budget_of_a_key_holds_over_all_workers(project, started, ask) -> None:
    """4 at once, over two processes, where the budget has room for a few: never a cent over it."""
    config = json.loads((project.folder / "llmhub.yaml").read_text())
    config["providers"]["openai"] = {"api_base": config["providers"]["loopback"]["api_base"], "env_key": "SOME_KEY"}
    config["roles"]["priced"] = {
        "provider": "openai",
        "model": "gpt-4o-mini",
        "params": {"max_tokens": 1000},
        "retry": {"attempts": 1},
    }
    project.write(config)
    key = project.new_key("app", "--role", "priced", "--budget", "0.005", "--per", "total")
    served = started("--workers", "2", environ={"SOME_KEY": "k"})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(served, key=key, model="priced"), range(60)))
    served.end()
    codes = {answer.status_code for answer in answers}
    shown = json.loads(project.llmhub("serve", "keys", "show", "app", "--json").stdout)
    assert float(shown["spent"]) <= 0.005
    assert codes <= {200, 402}, [answer.text for answer in answers if answer.status_code not in (200, 402)][:1]
    assert 200 in codes
