"""Carries out one call: tries targets as the plan says, on the running event loop.

This is the only driver. A synchronous call runs it on a private loop, so both forms take the same path.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up
import random
from collections.abc import Mapping
from time import monotonic
from typing import Any

from attrs import define, field, frozen

from llmhub import errors
from llmhub.anyllm import failures, operations
from llmhub.anyllm.clients import ClientPool
from llmhub.anyllm.endpoints import Endpoint
from llmhub.calls.alarm import Alarm
from llmhub.calls.observe import Observers
from llmhub.calls.plan import Failure, GiveUp, next_step
from llmhub.calls.stream import OpenedStream, open_stream, relay
from llmhub.records.calls import Attempt, CallContext, CallResult, ResolvedRole, Target, Usage


@frozen(kw_only=True, eq=False)
class Equipment:
    """What a hub lends to each of its calls."""

    clients: ClientPool
    endpoints: Mapping[str, Endpoint]
    environ: Mapping[str, str] = field(repr=False)
    observers: Observers


async def drive(equipment: Equipment, resolved: ResolvedRole, call: CallContext, asked: Mapping[str, Any]) -> Any:
    """The answer to *call*: any-llm's own object, or for a stream an async generator of its chunks.

    *asked* are the parameters of this call, which win over those of the target. The first chunk of a stream has
    arrived when this returns; what goes wrong later cannot fall back, since its beginning was already passed on.

    Raises:
        CallError: the class of the failure after a single attempt, `AllTargetsFailed` after several.
    """
    session = _Session(equipment, resolved, call, asked)
    try:
        return await session.run()
    except asyncio.CancelledError as stop:
        session.finish(error=stop)
        raise


@define(eq=False)
class _Session:
    equipment: Equipment
    resolved: ResolvedRole
    call: CallContext
    asked: Mapping[str, Any]
    attempts: list[Attempt] = field(factory=list)
    changes: dict[str, Any] = field(factory=dict)
    removed: frozenset[str] = frozenset()
    targets: tuple[Target, ...] = ()

    async def run(self) -> Any:
        observers = self.equipment.observers
        self.targets = observers.order(self.call, self.resolved.targets)
        self.call.provider, self.call.model = self.targets[0].provider, self.targets[0].model
        self.call.params = {**self.targets[0].params, **self.asked}
        if observers.before:
            self._ask_before()
        failed: list[Failure] = []
        number = 0
        while True:
            began = monotonic()
            try:
                answer = await self._attempt(self.targets[number], began)
            except errors.CallError as error:
                self._note(number, began, error)
                failed.append(Failure(number, error))
            else:
                return await self._answered(answer, number, began)
            step = next_step(self.resolved, failed, monotonic() - self.call.started_at, random.random())  # noqa: S311
            if isinstance(step, GiveUp) or step.target >= len(self.targets):
                raise self._final(failed)
            if step.delay:
                await asyncio.sleep(step.delay)
            number = step.target
            self.call.provider, self.call.model = self.targets[number].provider, self.targets[number].model

    def _ask_before(self) -> None:
        given = dict(self.call.params)
        try:
            for hook in self.equipment.observers.before:
                hook(call=self.call)
        except errors.CallRefused as refusal:
            refusal.role = refusal.role or self.call.role
            self.finish(error=refusal)
            raise
        now = self.call.params
        self.changes = {name: value for name, value in now.items() if name not in given or given[name] is not value}
        self.removed = frozenset(given.keys() - now.keys())

    def _params(self, target: Target) -> Mapping[str, Any]:
        if target is self.targets[0]:
            return self.call.params
        merged = {**target.params, **self.asked, **self.changes}
        return {name: value for name, value in merged.items() if name not in self.removed}

    async def _attempt(self, target: Target, began: float) -> Any:
        endpoint = self.equipment.endpoints[target.provider]
        secret: str | None = None
        end = self.call.started_at + self.resolved.deadline
        if self.resolved.timeout is not None:
            end = min(end, began + self.resolved.timeout)
        loop = asyncio.get_running_loop()
        alarm = Alarm(loop, end - began)
        try:
            secret = endpoint.key(self.equipment.environ)
            clients = self.equipment.clients
            client = clients.at_hand(loop, endpoint, secret) or await clients.get(loop, endpoint, secret)
            params = self._params(target)
            if self.call.stream:
                params = {**params, "stream": True}
            answer = await operations.start(
                client, endpoint.any_llm_provider, self.call.method, target.model, self.call.input, params
            )
            return await open_stream(answer) if self.call.stream else answer
        except asyncio.CancelledError:
            if not alarm.rang_alone():
                raise
            error: errors.CallError = errors.CallTimeoutError(f"no answer within {end - began:.1f} s")
        except Exception as fault:
            error = failures.translate(fault, target.provider, endpoint.any_llm_provider, secret)
        finally:
            alarm.off()
        error.role, error.provider, error.model = self.call.role, target.provider, target.model
        # Outside the `except`, so that no context clings to it: what was raised below may quote the key.
        raise error

    async def _answered(self, answer: Any, number: int, began: float) -> Any:
        observers = self.equipment.observers
        if isinstance(answer, OpenedStream):
            self._note(number, began, None)
            patience = self.call.started_at + self.resolved.deadline - monotonic()
            return await relay(answer, self._stream_ended, patience)
        if observers.anyone:
            self._note(number, began, None)
            self.finish(response=answer, usage=operations.usage_of(answer))
        return answer

    def _stream_ended(
        self, error: BaseException | None, usage: Usage | None, first_chunk_at: float
    ) -> BaseException | None:
        if isinstance(error, Exception):
            endpoint = self.equipment.endpoints[self.call.provider]
            secret = endpoint.key(self.equipment.environ)
            error = failures.translate(error, self.call.provider, endpoint.any_llm_provider, secret)
            error.role, error.provider, error.model = self.call.role, self.call.provider, self.call.model
            error.attempts = tuple(self.attempts)
        self.finish(error=error, usage=usage, first_chunk_at=first_chunk_at)
        return error

    def _note(self, number: int, began: float, error: errors.CallError | None) -> None:
        target = self.targets[number]
        attempt = Attempt(
            number=len(self.attempts) + 1,
            provider=target.provider,
            model=target.model,
            status="ok" if error is None else "failed",
            duration=monotonic() - began,
            error_class=type(error).__name__ if error else None,
            message=error.message if error else "",
            status_code=error.status_code if error else None,
        )
        self.attempts.append(attempt)
        self.equipment.observers.tell_attempt(self.call, attempt)

    def _final(self, failed: list[Failure]) -> errors.CallError:
        last = failed[-1].error
        if len(failed) > 1:
            final: errors.CallError = errors.AllTargetsFailed(role=self.call.role, attempts=self.attempts)
            final.__cause__ = last
        else:
            final = last
            final.attempts = tuple(self.attempts)
        self.finish(error=final)
        return final

    def finish(
        self,
        *,
        response: Any = None,
        error: BaseException | None = None,
        usage: Usage | None = None,
        first_chunk_at: float | None = None,
    ) -> None:
        """Tell whoever listens what came of the call."""
        observers = self.equipment.observers
        if not observers.want_result:
            return
        call = self.call
        result = CallResult(
            success=error is None,
            call_id=call.call_id,
            role=call.role,
            provider=call.provider,
            model=call.model,
            mode=call.mode,
            method=call.method,
            latency=monotonic() - call.started_at,
            project=call.project,
            environment=call.environment,
            user=call.user,
            stream=call.stream,
            attempts=tuple(self.attempts),
            response=response,
            error=error,
            usage=usage,
            time_to_first_chunk=None if first_chunk_at is None else first_chunk_at - call.started_at,
        )
        observers.tell_result(call, result)
