"""How many calls a second the ledger keeps, and what a hold and a settlement of a hard budget take.

    python -m tests.benchmarks.ledger

Calls are put in as fast as one thread can, priced, and written to a SQLite file on disk; the clock stops when the last
of them is there. Prints a JSON object.
"""

import json
import os
import tempfile
import time
from decimal import Decimal
from pathlib import Path

CALLS = 20_000
HOLDS = 2_000


def measure():
    """`calls_per_second` of the ledger, and microseconds of one `hold`."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "LLMHUB_CACHE_DIR": folder}
        return {"calls_per_second": ledger(environ), "hold_microseconds": holding(environ)}


def ledger(environ):
    import sqlite3

    account = opened(environ, {})
    call, result = a_call()
    account.record(call, result("warm"))
    account.flush(30)
    began = time.perf_counter()
    for number in range(CALLS):
        account.record(call, result(f"call-{number}"))
    assert account.flush(120)
    seconds = time.perf_counter() - began
    account.close()
    with sqlite3.connect(Path(environ["LLMHUB_CACHE_DIR"]) / "ledger.db") as kept:
        assert kept.execute("SELECT count(*) FROM calls WHERE cost IS NOT NULL").fetchone() == (CALLS + 1,)
    kept.close()
    return CALLS / seconds


def holding(environ):
    from llmhub.records.calls import Target
    from llmhub.records.config import BudgetConfig

    account = opened(environ, {"hard": BudgetConfig(limit=Decimal(1_000_000))})
    call, _ = a_call()
    target = Target(provider="openai", model="gpt-4o-mini", mode="chat")
    account.hold(call, target, call.params, 60.0)
    times = []
    for _ in range(HOLDS):
        began = time.perf_counter()
        hold = account.hold(call, target, call.params, 60.0)
        times.append(time.perf_counter() - began)
        account.let_go(hold)
    account.close()
    return sorted(times)[HOLDS // 2] * 1e6


def opened(environ, budgets):
    from llmhub.catalog.stored_models import StoredModels, same_model
    from llmhub.host import PluginHost
    from llmhub.records.config import HubConfig
    from llmhub.spend.opening import open_account

    config = HubConfig(project="bench", budgets=budgets)
    return open_account(PluginHost.from_environment(environ), config, environ, StoredModels(environ), same_model)


def a_call():
    from llmhub.records.calls import Attempt, CallContext, CallResult, Usage

    usage = Usage(input_tokens=812, output_tokens=131, total_tokens=943, cached_input_tokens=512, reasoning_tokens=0)
    about = {"role": "chat", "provider": "openai", "model": "gpt-4o-mini", "mode": "chat", "method": "completion"}
    call = CallContext(call_id="c", input=[{"role": "user", "content": "Hello"}], params={"max_tokens": 200}, **about)
    attempt = Attempt(number=1, provider="openai", model="gpt-4o-mini", status="ok", duration=0.8, usage=usage)

    def result(call_id):
        made = {**about, "call_id": call_id, "project": "bench", "environment": "prod", "labels": {"tenant": "acme"}}
        return lambda: CallResult(success=True, latency=0.8, usage=usage, attempts=(attempt,), **made)

    return call, result


if __name__ == "__main__":
    print(json.dumps(measure()))
