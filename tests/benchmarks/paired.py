"""The Hub beside a kept any-llm client in one process, call by call in turn: what the Hub itself adds.

    python -m tests.benchmarks.paired URL

Two processes differ by some percent however alike they are (where memory came to lie, which core served them), which is
as much as there is to measure here. Prints a JSON object: form of call to {microseconds of each, ratio of medians}.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time

from tests.benchmarks import worker
from tests.benchmarks.calls import fixed_server

CALLS = 3000
STREAMS = 300
WARM = 100


def measure() -> dict[str, dict[str, float]]:
    """What the process says, over a server of its own."""
    with fixed_server() as url:
        command = [sys.executable, "-m", "tests.benchmarks.paired", f"{url}/v1"]
        return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def in_turn(first, second, count):
    """Seconds of each of *count* calls of both; who begins changes every time."""
    times = {first: [], second: []}
    for number in range(count + WARM):
        for call in (first, second) if number % 2 else (second, first):
            began = time.perf_counter()
            call()
            times[call].append(time.perf_counter() - began)
    return times[first][WARM:], times[second][WARM:]


async def in_turn_async(first, second, count):
    """The same for coroutines, on one loop."""
    times = {first: [], second: []}
    for number in range(count + WARM):
        for call in (first, second) if number % 2 else (second, first):
            began = time.perf_counter()
            await call()
            times[call].append(time.perf_counter() - began)
    return times[first][WARM:], times[second][WARM:]


def told(ours, theirs):
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    return {"hub": ours * 1e6, "anyllm": theirs * 1e6, "ratio": ours / theirs}


async def over_one_loop(base):
    calls = worker.hub_async(base), worker.anyllm_async(base)
    streams = worker.hub_stream(base), worker.anyllm_stream(base)
    everything = worker.hub_everything_async(base), worker.anyllm_async(base)
    # One loop for all: a client that outlives its loop complains when it is collected.
    return (
        await in_turn_async(*calls, CALLS),
        await in_turn_async(*streams, STREAMS),
        await in_turn_async(*everything, CALLS),
    )


def main():
    base = sys.argv[1]
    calls, streams, everything = asyncio.run(over_one_loop(base))
    found = {
        "async": told(*calls),
        "stream": told(*streams),
        "everything": told(*everything),
        "sync": told(*in_turn(worker.hub_sync(base), worker.anyllm_sync(base), CALLS)),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
