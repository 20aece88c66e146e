"""What a call costs through each client: time, streamed chunks, connections, memory; as ratios within one run."""

import contextlib
import json
import statistics
import subprocess
import sys
import urllib.request
from pathlib import Path

from attrs import define

WORKER = Path(__file__).parent / "worker.py"
SERVER = Path(__file__).parent / "fixed_server.py"
CALLS = {"-sync": 150, "-async": 150, "-stream": 15, "-function-sync": 10, "-function-async": 10}


@define
class Worker:
    """A client in a process of its own."""

    kind: str
    process: subprocess.Popen
    memory: float = 0.0

    @classmethod
    def start(cls, kind: str, python: str, url: str) -> "Worker":
        process = subprocess.Popen(
            [python, str(WORKER), kind, f"{url}/v1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        worker = cls(kind, process)
        worker._answer()  # warm: one call made, all imported
        return worker

    def measure(self, count: int) -> float:
        """Microseconds per call over *count* calls."""
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        return self._answer()

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def _answer(self) -> float:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.kind} ended early, with {self.process.wait()}")
        answer = json.loads(line)
        self.memory = answer["memory"]
        return answer["microseconds"]


@contextlib.contextmanager
def fixed_server():
    """The server with fixed replies as a process, by its URL."""
    process = subprocess.Popen([sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def connections(url: str) -> int:
    """TCP connections the server has accepted so far, this question's own included."""
    with urllib.request.urlopen(f"{url}/connections") as response:
        return json.load(response)


def measure(kinds: dict[str, str], rounds: int) -> dict[str, dict[str, float]]:
    """For each kind (to the Python that runs it): median microseconds, memory, new connections per 1,000 calls.

    Rounds are interleaved, so that a machine that slows down slows all alike.
    """
    with fixed_server() as url:
        workers = {kind: Worker.start(kind, python, url) for kind, python in kinds.items()}
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        opened = dict.fromkeys(kinds, 0)
        for _ in range(rounds):
            for kind, worker in workers.items():
                before = connections(url)
                times[kind].append(worker.measure(_calls(kind)))
                opened[kind] += connections(url) - before - 1  # the question itself is one
        result = {
            kind: {
                "microseconds": statistics.median(times[kind]),
                "rounds": times[kind],
                "memory_mib": worker.memory,
                "connections_per_1000_calls": opened[kind] * 1000 / (rounds * _calls(kind)),
            }
            for kind, worker in workers.items()
        }
        for worker in workers.values():
            worker.stop()
    return result


def ratio(result: dict, kind: str, peer: str) -> float:
    """The median over rounds of *kind*'s time by *peer*'s time of the same round."""
    return statistics.median(
        ours / theirs for ours, theirs in zip(result[kind]["rounds"], result[peer]["rounds"], strict=True)
    )


def _calls(kind: str) -> int:
    return next(CALLS[ending] for ending in sorted(CALLS, key=len, reverse=True) if kind.endswith(ending))
