"""Prints every measured bar as a table and writes benchmarks.json.

    python -m tests.benchmarks [--litellm-python PATH] [--rounds N] [--json FILE]

Ratios are formed within one round of one run, so they hold on a noisy machine where milliseconds do not.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

from tests.benchmarks import calls, catalog, fallback, inside, ledger, paired, startup

OUR_KINDS = (
    "hub-sync", "hub-async", "hub-stream", "anyllm-sync", "anyllm-async", "anyllm-stream",
    "anyllm-function-sync", "anyllm-function-async", "openai-sync", "openai-async",
)  # fmt: skip
LITELLM_KINDS = ("litellm-sync", "litellm-async", "litellm-stream")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--litellm-python", help="the Python of an environment with litellm in it")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, default=Path("benchmarks.json"))
    options = parser.parse_args()

    kinds = dict.fromkeys(OUR_KINDS, sys.executable)
    if options.litellm_python:
        kinds |= dict.fromkeys(LITELLM_KINDS, options.litellm_python)
    started = startup.measure(options.rounds)
    made = calls.measure(kinds, options.rounds)
    beside = paired.measure()
    bars = [*startup_bars(started), *paired_bars(beside), *call_bars(made), *inside_bars(), *fallback_bars()]
    bars += [*ledger_bars(), *catalog_bars(options.rounds)]
    print(f"Python {platform.python_version()}, {platform.platform()}, {options.rounds} rounds\n")
    width = max(len(name) for name, *_ in bars)
    for name, value, limit, unit in bars:
        verdict = "" if limit is None else ("ok" if value <= limit else "MISSED")
        bar = "" if limit is None else f"bar {limit:g}"
        print(f"{name:<{width}}  {value:10.3f} {unit:<10} {bar:<10} {verdict}")
    written = {"startup": started, "paired": beside, "calls": made, "bars": [list(bar) for bar in bars]}
    options.json.write_text(json.dumps(written, indent=1) + "\n")
    return 0


def startup_bars(started):
    limits = {"import llmhub": 2, "from llmhub import Hub": 7, "llmhub --help": 7, "llmhub --version": 7}
    for name, measured in started.items():
        if name != "python -c pass":
            yield name, measured["ratio"], limits.get(name), "x pass"


def paired_bars(beside):
    limits = {"async": 1.05, "everything": 1.15, "sync": 0.9}
    for form, measured in beside.items():
        yield f"hub-{form} by a kept any-llm client, in turn", measured["ratio"], limits.get(form), "x"


def call_bars(made):
    pairs = [
        ("hub-async", "anyllm-function-async", None),
        ("hub-sync", "anyllm-function-sync", None),
        ("hub-async", "openai-async", None),
        ("hub-sync", "openai-sync", None),
        ("hub-async", "litellm-async", 0.4),
        ("hub-sync", "litellm-sync", 0.4),
        ("hub-stream", "litellm-stream", 0.25),
    ]
    for kind, peer, limit in pairs:
        if peer in made:
            yield f"{kind} by {peer}", calls.ratio(made, kind, peer), limit, "x"
    yield "new connections, hub-sync", made["hub-sync"]["connections_per_1000_calls"], 0, "per 1000"
    yield "new connections, hub-async", made["hub-async"]["connections_per_1000_calls"], 0, "per 1000"
    if "litellm-async" in made:
        by = made["hub-async"]["memory_mib"] / made["litellm-async"]["memory_mib"]
        yield "memory, hub-async by litellm-async", by, 0.5, "x"
        # Below this no caller of any-llm can come.
        floor = made["anyllm-async"]["memory_mib"] / made["litellm-async"]["memory_mib"]
        yield "memory, anyllm-async by litellm-async", floor, None, "x"
    for kind, measured in made.items():
        yield f"  {kind}", measured["microseconds"], None, "us"
        yield f"  {kind} resident", measured["memory_mib"], None, "MiB"


def inside_bars():
    yield "hub.resolve(role)", inside.resolve_microseconds(), 5, "us"
    yield "load 1,000 roles", inside.load_seconds(), 0.5, "s"


def fallback_bars():
    requests, seconds = fallback.measure({"failures": 0})
    yield "fallback on a 500: upstream requests", requests, 2, "requests"
    yield "fallback on a 500", seconds * 1000, 50, "ms"
    requests, seconds = fallback.measure({"failures": 10, "cooldown": 600})
    yield "fallback with the circuit open: upstream requests", requests, 1, "requests"
    yield "fallback with the circuit open", seconds * 1000, 50, "ms"


def ledger_bars():
    measured = ledger.measure()
    yield "ledger, one call (200 us are 5,000 calls/s)", 1e6 / measured["calls_per_second"], 200, "us"
    yield "holding money under a hard budget", measured["hold_microseconds"], None, "us"


def catalog_bars(rounds):
    if catalog.DATA.is_dir():
        yield from catalog.bars(catalog.measure(catalog.DATA, rounds))
    else:
        print(f"the catalog is not measured: the real files are not at hand ({catalog.DATA})", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
