"""The storm of tests/end_to_end/test_fault_storm.py at full size: 10,000 calls with two fallbacks, 30 % of the requests
failing in ten ways, 3 % of the calls beginning at a port that refuses connections.

    python -m tests.benchmarks.faults [CALLS]
"""

import contextlib
import gc
import os
import sys
import threading
import time

from tests.end_to_end import test_fault_storm as storm


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for name in list(os.environ):
        if name.startswith("LLMHUB_"):
            del os.environ[name]
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(contextlib.contextmanager(storm.url.__wrapped__)())
        nobody = stack.enter_context(contextlib.contextmanager(storm.nobody.__wrapped__)())
        run = storm.run.__wrapped__(url, nobody)
        run(("ok",), 24, tasks=12, threads=4)
        gc.collect()
        threads, descriptors = threading.active_count(), storm.descriptors()
        began = time.monotonic()
        tally = run(storm.FAULTS, calls, refused=0.03, timeout=3.0, deadline=20.0)
        seconds = time.monotonic() - began
        storm.check(tally, calls, url)
        threads_left = storm.settled(threading.active_count, threads) - threads
        descriptors_left = storm.settled(storm.descriptors, descriptors) - descriptors
    print(f"{calls} calls, {sum(tally.attempts.values())} attempts in {seconds:.1f} s")
    for ending, count in tally.endings.most_common():
        print(f"  {count:6} {ending}")
    print(f"slowest call {tally.slowest:.2f} s of a deadline of {tally.deadline:g} s")
    print("failed attempts: " + ", ".join(f"{count} {name}" for name, count in tally.failures.most_common() if count))
    print(f"left behind: {threads_left} threads, {descriptors_left} descriptors")


if __name__ == "__main__":
    main()
