"""Counts what a hub does: a plugin of kind `call`, registered by whoever makes the hub of a server.

A call is counted where it ends, which takes microseconds. What it cost is worked out on a thread of its own: the first
price of a process reads the catalog.
"""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING

from llmhub import hookimpl

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.records.calls import Attempt, CallContext, CallResult
    from llmhub_server.observation.meters import Meters

PLUGIN_NAME = "llmhub-server-meters"
OTHER_ROLE = "(defaults)"
"""Roles that the file's `defaults` serve have names of their callers' invention: all are counted as one."""

STATES = {"closed": 0, "half_open": 1, "open": 2}


class CallMeter:
    """Puts what a hub's hooks tell into *meters*. `hub` is to be given before its first call."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._unpriced: queue.SimpleQueue[CallResult | threading.Event] = queue.SimpleQueue()
        self._pricing: threading.Thread | None = None
        self._lock = threading.Lock()
        self._under_way: dict[int, str] = {}
        self._troubled = False
        self.hub: Hub | None = None

    @hookimpl
    def llmhub_before_call(self, call: CallContext) -> None:
        role = self._under_way[id(call)] = self._role(call.role)
        self._meters.calls_under_way.labels(role).inc()

    @hookimpl
    def llmhub_on_attempt(self, call: CallContext, attempt: Attempt) -> None:
        outcome = attempt.error_class or attempt.status
        self._meters.attempts.labels(self._role(call.role), attempt.provider, attempt.model, outcome).inc()

    @hookimpl
    def llmhub_after_call(self, call: CallContext, result: CallResult) -> None:
        # Under the name it began with, whatever roles there are now; none where another hook refused it before.
        begun = self._under_way.pop(id(call), None)
        meters, role = self._meters, begun or self._role(call.role)
        target = (role, result.provider, result.model)
        if begun is not None:
            meters.calls_under_way.labels(begun).dec()
        meters.calls.labels(*target, _outcome(result)).inc()
        meters.call_seconds.labels(role).observe(result.latency)
        if result.time_to_first_chunk is not None:
            meters.first_chunk_seconds.labels(role).observe(result.time_to_first_chunk)
        if result.usage is not None and not result.cached:
            told = result.usage
            counted = {
                "input": told.input_tokens,
                "output": told.output_tokens,
                "cached_input": told.cached_input_tokens,
                "reasoning": told.reasoning_tokens,
            }
            for kind, count in counted.items():
                if count:
                    meters.tokens.labels(*target, kind).inc(count)
        if result.attempts and not result.cached:
            self._price(result)

    def settle(self, patience: float = 2.0) -> None:
        """Wait until every call that has ended is priced, at most *patience* seconds."""
        if self._pricing is not None:
            done = threading.Event()
            self._unpriced.put(done)
            done.wait(patience)

    def look_at_circuits(self) -> None:
        """Tell the state of every circuit as it is now."""
        if self.hub is not None:
            found = self.hub.health()
            self._troubled = not found.healthy
            for target in found.targets:
                self._meters.circuits.labels(target.provider, target.model).set(STATES[target.state])

    def _role(self, name: str) -> str:
        return name if self.hub is None or name in self.hub.config.roles else OTHER_ROLE

    def _price(self, result: CallResult) -> None:
        if self._pricing is None:
            with self._lock:
                if self._pricing is None:
                    self._pricing = threading.Thread(target=self._work, name="llmhub-meters", daemon=True)
                    self._pricing.start()
        self._unpriced.put(result)

    def _work(self) -> None:
        while True:
            got = self._unpriced.get()
            if isinstance(got, threading.Event):
                got.set()
                continue
            try:
                self._add_cost(got)
                if self._troubled or len(got.attempts) > 1 or not got.success:
                    self.look_at_circuits()
            except Exception:
                logging.getLogger("llmhub.server").exception("a call could not be counted")

    def _add_cost(self, result: CallResult) -> None:
        target = (self._role(result.role), result.provider, result.model)
        dollars = result.priced.dollars
        if dollars is not None:
            self._meters.dollars.labels(*target).inc(float(dollars))
        elif result.success:
            self._meters.unpriced.labels(*target).inc()


def _outcome(result: CallResult) -> str:
    if result.success:
        return "cached" if result.cached else "ok"
    return type(result.error).__name__ if result.error is not None else "failed"
