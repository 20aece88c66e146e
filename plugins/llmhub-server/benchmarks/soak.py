"""A server under load for long: does its memory stay flat, and does any request fail when things change beneath it?

    python plugins/llmhub-server/benchmarks/soak.py --requests 50000
    python plugins/llmhub-server/benchmarks/soak.py --requests 50000 --workers 2 --reload-every 1 --end-every 5
    python plugins/llmhub-server/benchmarks/soak.py --requests 50000 --workers 2 --kill-every 5

Prints one JSON object. The provider is a process on loopback; the clients speak HTTP over raw sockets, so that theirs
is a small part of the time. A request that was cut before its answer came is counted as such and not asked again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

QUESTION = json.dumps({"model": "chat", "messages": [{"role": "user", "content": "Hello"}]}).encode()
REQUEST = (
    b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\n\r\n%b" % (len(QUESTION), QUESTION)
)
PATIENCE = 60.0


class Load:
    """Asks *requests* times over *connections*; `outcomes` counts statuses, and "cut" where no answer came.

    While `extended` is true it goes on past its number.
    """

    def __init__(self, port: int, requests: int, connections: int) -> None:
        self.port, self.left, self.connections = port, requests, connections
        self.extended = False
        self.outcomes: Counter[str] = Counter()
        self.latencies: list[float] = []

    @property
    def done(self) -> int:
        return sum(self.outcomes.values())

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(self.connections):
                group.create_task(self._ask())

    async def _ask(self) -> None:
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while self.left > 0 or self.extended:
            self.left -= 1
            began = time.perf_counter()
            try:
                if streams is None:
                    streams = await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = streams
                writer.write(REQUEST)
                async with asyncio.timeout(PATIENCE):
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = re.search(rb"content-length: (\d+)", head)
                    assert length
                    await reader.readexactly(int(length[1]))
            except (OSError, EOFError, TimeoutError) as error:
                self.outcomes["late" if isinstance(error, TimeoutError) else "cut"] += 1
                close, head = True, b""
            else:
                self.outcomes[head[9:12].decode()] += 1
                self.latencies.append(time.perf_counter() - began)
                close = b"connection: close" in head
            if close and streams is not None:
                streams[1].close()
                streams = None
        if streams is not None:
            streams[1].close()


class Server:
    """`llmhub serve` before a provider on loopback, in a folder of its own."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder, self.count = folder, workers
        self.provider = subprocess.Popen(
            [sys.executable, "-m", "llmhub.testing.server", "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.provider.stdout
        self.base = self.provider.stdout.readline().strip()
        self.written = 0
        self.write()
        environ = {**os.environ, "LLMHUB_CACHE_DIR": str(folder / "kept"), "LLMHUB_OFFLINE": "1"}
        began = time.perf_counter()
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "llmhub", "serve", "--port", "0", "--workers", str(workers)],
                cwd=folder,
                env=environ,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout
        found = re.search(r":(\d+)/v1", self.process.stdout.readline())
        assert found, (folder / "log").read_text()
        self.port = int(found[1])
        self.boot = time.perf_counter() - began

    def write(self) -> None:
        """Write the configuration anew, another each time."""
        self.written += 1
        role = {"provider": "loopback", "model": "gpt-4o-mini", "retry": {"attempts": 1}}
        config = {
            "project": "soak",
            "providers": {"loopback": {"api_base": f"{self.base}/v1"}},
            "roles": {"chat": role, f"role-{self.written}": role},
        }
        draft = self.folder / "draft"
        draft.write_text(json.dumps(config))
        draft.replace(self.folder / "llmhub.yaml")

    def workers(self) -> list[int]:
        """The processes that serve."""
        if self.count == 1:
            return [self.process.pid]
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in children.split()]

    def resident(self) -> dict[int, float]:
        """MiB of each worker."""
        page = os.sysconf("SC_PAGE_SIZE") / 1024**2
        found = {}
        for number in self.workers():
            try:
                found[number] = round(int(Path(f"/proc/{number}/statm").read_text().split()[1]) * page, 1)
            except OSError:
                continue
        return found

    def signal_one(self, number: int) -> None:
        """Send the signal *number* to the worker that has served longest, once all have begun to serve."""
        workers = self.workers()
        settled = all(time.time() - Path(f"/proc/{each}").stat().st_ctime > 2 * self.boot for each in workers)
        if len(workers) == self.count and settled:
            os.kill(min(workers), number)

    def end(self) -> int:
        """End it and its provider; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        assert self.provider.stdin
        self.provider.stdin.close()
        self.provider.wait(10)
        return code

    def replaced(self) -> int:
        """Workers that ended and got a successor."""
        return (self.folder / "log").read_text().count("is replaced")

    def recorded(self) -> int:
        """Calls in the ledger."""
        with sqlite3.connect(self.folder / "kept" / "ledger.db") as connection:
            found: int = connection.execute("SELECT count(*) FROM calls").fetchone()[0]
        connection.close()
        return found


async def _every(seconds: float, act: Callable[[], Any]) -> None:
    while True:
        await asyncio.sleep(seconds)
        act()


async def _soak(server: Server, load: Load, options: argparse.Namespace) -> list[dict[int, float]]:
    memory: list[dict[int, float]] = []
    chores = [asyncio.create_task(_every(0.5, lambda: memory.append({load.done: sum(server.resident().values())})))]
    disturbances: list[tuple[float, Callable[[], Any]]] = [
        (options.reload_every, server.write),
        (options.end_every, lambda: server.signal_one(signal.SIGTERM)),
        (options.kill_every, lambda: server.signal_one(signal.SIGKILL)),
    ]
    chores += [asyncio.create_task(_every(seconds, act)) for seconds, act in disturbances if seconds]

    def extend() -> None:
        load.extended = server.replaced() < options.at_least_replaced

    extend()
    chores.append(asyncio.create_task(_every(0.2, extend)))
    await load.run()
    for chore in chores:
        chore.cancel()
    return memory


def soak(options: argparse.Namespace) -> dict[str, Any]:
    """Run the load that *options* ask for; the figures."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), options.workers)
        try:
            load = Load(server.port, options.requests, options.connections)
            began = time.perf_counter()
            memory = asyncio.run(_soak(server, load, options))
            seconds = time.perf_counter() - began
            resident = server.resident()
        finally:
            code = server.end()
        warm = next((mib for each in memory for done, mib in each.items() if done >= options.requests // 10), 0.0)
        latencies = sorted(load.latencies)
        return {
            "requests": load.done,
            "outcomes": dict(load.outcomes),
            "recorded": server.recorded(),
            "seconds": round(seconds, 1),
            "requests_per_second": round(load.done / seconds),
            "latency_ms": {str(p): round(1000 * latencies[len(latencies) * p // 100], 1) for p in (50, 99)},
            "boot_seconds": round(server.boot, 2),
            "resident_mib_after_a_tenth": round(warm, 1),
            "resident_mib_at_the_end": round(sum(resident.values()), 1),
            "configurations": server.written,
            "workers_replaced": server.replaced(),
            "exit_code": code,
        }


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description="A server under load for long.")
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--reload-every", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--end-every", type=float, default=0.0, metavar="SECONDS", help="SIGTERM to a worker")
    parser.add_argument("--kill-every", type=float, default=0.0, metavar="SECONDS", help="SIGKILL to a worker")
    parser.add_argument(
        "--at-least-replaced", type=int, default=0, metavar="WORKERS", help="ask on past --requests until so many were"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    print(json.dumps(soak(options_of()), indent=1))
