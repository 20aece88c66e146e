"""Carries out one call: tries targets as the plan says, on the running event loop.

This is the only driver. A synchronous call runs it on a private loop, so both forms take the same path.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up
import functools
import random
from collections.abc import Coroutine, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from llmhub import errors
from llmhub.anyllm import answers, failures
from llmhub.calls import journal
from llmhub.calls.attempt import Answered, Attempting, Equipment
from llmhub.calls.cache import key_of
from llmhub.calls.plan import Failure, GiveUp, next_step
from llmhub.calls.spending import hold
from llmhub.calls.stream import StreamEnd, relay
from llmhub.records.calls import Attempt, AttemptStatus, CallContext, CallResult, ResolvedRole, Target, Usage

if TYPE_CHECKING:
    from llmhub.spend.account import Account
    from llmhub.spend.holds import Hold


def drive(
    equipment: Equipment, resolved: ResolvedRole, call: CallContext, asked: Mapping[str, Any]
) -> Coroutine[Any, Any, Any]:
    """Await the answer to *call*: any-llm's own object, or for a stream an async generator of its chunks.

    *asked* are the parameters of this call, which win over those of the target. The first chunk of a stream has
    arrived when this returns; what goes wrong later cannot fall back, since its beginning was already passed on.

    Raises:
        CallError: the class of the failure after a single attempt, `AllTargetsFailed` after several.
    """
    return _Session(equipment, resolved, call, asked, resolved.targets).run()


@define(eq=False)
class _Session:
    equipment: Equipment
    resolved: ResolvedRole
    call: CallContext
    asked: Mapping[str, Any]
    targets: tuple[Target, ...]
    attempts: list[Attempt] = field(factory=list)
    changes: dict[str, Any] = field(factory=dict)
    removed: frozenset[str] = frozenset()
    adjusted: tuple[str, ...] = ()
    held: Hold | None = None
    cache_key: bytes | None = None
    cached: bool = False

    async def run(self) -> Any:
        try:
            self._begin()
            if self.resolved.cache_ttl is not None and not self.call.stream:
                kept = self._kept()
                if kept is not None:
                    self.cached = True
                    self.finish(response=kept)
                    return kept
            return await self._try_targets()
        except asyncio.CancelledError as stop:
            self.settle(None)
            self.finish(error=stop)
            raise

    async def _try_targets(self) -> Any:
        observers = self.equipment.observers
        failed: list[Failure] = []
        number = 0
        while True:
            began = monotonic()
            target = self.targets[number]
            for hook in observers.before_attempt:
                hook(call=self.call)
            try:
                params = self._params(target)
                if observers.account is not None and observers.account.has_budgets:
                    self.held = await hold(self.equipment, self.resolved, self.call, target, params)
                attempt = Attempting(self.equipment, self.resolved, self.call, target, params, number == 0)
                answered = await attempt.run()
            except errors.CallError as error:
                self._note(target, began, error)
                failed.append(Failure(number, error))
            else:
                for failure in failed:
                    failures.forget_frames(failure.error)
                return await self._answered(answered, target, began)
            policy = evolve(self.resolved, targets=self.targets)
            step = next_step(policy, failed, monotonic() - self.call.started_at, random.random())  # noqa: S311
            if isinstance(step, GiveUp):
                raise self._final(failed)
            if step.delay:
                await asyncio.sleep(step.delay)
            number = step.target
            following = self.targets[number]
            self.call.provider, self.call.model = following.provider, following.model

    def _begin(self) -> None:
        """Let the selector order the targets and the hooks look at the call."""
        observers, call = self.equipment.observers, self.call
        if observers.selector is not None:
            self.targets = observers.order(call, self.targets)
        first = self.targets[0]
        call.provider, call.model, call.variant = first.provider, first.model, first.variant
        call.params = {**first.params, **self.asked}
        if observers.before:
            self._ask_before()

    def _kept(self) -> Any:
        """The answer that an earlier call got for the same question, if it is still good."""
        cache, first, call = self.equipment.cache, self.targets[0], self.call
        if cache is None:
            return None
        endpoint = self.equipment.endpoints[first.provider]
        self.cache_key = key_of(call.method, first.provider, endpoint.api_base, first.model, call.params, call.input)
        return None if self.cache_key is None else cache.get(self.cache_key)

    def _keep(self, answer: Any, target: Target) -> None:
        """Keep an answer of the first target; a fallback's is not what the question asks for once the first is well."""
        cache, ttl = self.equipment.cache, self.resolved.cache_ttl
        if cache is None or ttl is None or self.cache_key is None or target is not self.targets[0]:
            return
        if answers.flaw_of(self.call.method, answer) is None:
            cache.put(self.cache_key, answer, ttl)

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

    async def _answered(self, answered: Answered, target: Target, began: float) -> Any:
        observers = self.equipment.observers
        self.adjusted = answered.adjusted
        if self.call.stream:
            self._note(target, began, None)
            patience = self.call.started_at + self.resolved.deadline - monotonic()

            def ended(end: StreamEnd) -> BaseException | None:
                return self._stream_ended(end, target, answered)

            return await relay(answered.answer, self.call.method, ended, patience)
        if self.cache_key is not None:
            self._keep(answered.answer, target)
        if observers.anyone or self.attempts:
            usage = answers.usage_of(answered.answer)
            self._note(target, began, None, usage)
            self.finish(response=answered.answer, usage=usage)
        elif observers.account is not None:
            self._record_later(observers.account, target, began, answered.answer)
        return answered.answer

    def _record_later(self, account: Account, target: Target, began: float, answer: Any) -> None:
        """Have all that nobody waits for found out beside the calls: what was used, and what came of it."""
        ended, held, self.held = monotonic(), self.held, None

        def result() -> CallResult:
            usage = answers.usage_of(answer)
            self.attempts.append(self._attempt(target, began, ended, None, usage))
            return self._result(ended, response=answer, usage=usage)

        account.record(self.call, result, held)

    def _stream_ended(self, end: StreamEnd, target: Target, answered: Answered) -> BaseException | None:
        if answered.slots is not None:
            answered.slots.give_back()
        error = end.fault
        circuits = self.equipment.circuits
        if isinstance(error, Exception):
            endpoint = self.equipment.endpoints[target.provider]
            secrets = endpoint.secrets(self.equipment.environ)
            error = failures.translate(error, target.provider, endpoint.any_llm_provider, secrets, answered=True)
            error.role, error.provider, error.model = self.call.role, target.provider, target.model
            error.attempts = tuple(self.attempts)
            error.received, error.usage = end.received, end.usage
            circuits.failed(target, error)
        elif circuits.troubled:
            # A stream that its reader leaves half way speaks neither for its target nor against it.
            circuits.answered(target) if error is None else circuits.failed(target, error)
        if self.held is not None:
            status: AttemptStatus = "ok" if error is None else "failed"
            name = type(error).__name__ if error else None
            self.settle(evolve(self.attempts[-1], status=status, error_class=name), end.usage)
        self.finish(error=error, usage=end.usage, first_chunk_at=end.first_chunk_at)
        return error

    def _note(self, target: Target, began: float, error: errors.CallError | None, usage: Usage | None = None) -> None:
        if isinstance(error, errors.UnusableAnswerError) and error.response is not None:
            error.usage = usage = answers.usage_of(error.response)
        attempt = self._attempt(target, began, monotonic(), error, usage)
        self.attempts.append(attempt)
        if error is not None:
            journal.attempt_failed(self.call, attempt)
        self.equipment.observers.tell_attempt(self.call, attempt)
        if error is not None or not self.call.stream:
            self.settle(attempt, usage)

    def _attempt(
        self, target: Target, began: float, ended: float, error: errors.CallError | None, usage: Usage | None
    ) -> Attempt:
        return Attempt(
            number=len(self.attempts) + 1,
            provider=target.provider,
            model=target.model,
            status=_status(error),
            duration=ended - began,
            error_class=type(error).__name__ if error else None,
            message=error.message if error else "",
            status_code=error.status_code if error else None,
            began=began - self.call.started_at,
            usage=usage,
            adjusted=self.adjusted if error is None else (),
        )

    def settle(self, attempt: Attempt | None, usage: Usage | None = None) -> None:
        """Count what an attempt cost against the budgets over it; without *attempt* all that was held for it counts."""
        account, held, self.held = self.equipment.observers.account, self.held, None
        if account is not None and held is not None:
            account.settle(held, attempt, usage)

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
        observers, ended = self.equipment.observers, monotonic()
        troubled = error is not None or len(self.attempts) > 1
        if not observers.want_result and observers.account is None and not troubled:
            return
        result = self._result(ended, response=response, error=error, usage=usage, first_chunk_at=first_chunk_at)
        if troubled:
            journal.call_ended(self.call, result)
        observers.tell_result(self.call, result)

    def _result(
        self,
        ended: float,
        *,
        response: Any = None,
        error: BaseException | None = None,
        usage: Usage | None = None,
        first_chunk_at: float | None = None,
    ) -> CallResult:
        call, account = self.call, self.equipment.observers.account
        return CallResult(
            success=error is None,
            call_id=call.call_id,
            role=call.role,
            provider=call.provider,
            model=call.model,
            mode=call.mode,
            method=call.method,
            latency=ended - call.started_at,
            project=call.project,
            environment=call.environment,
            user=call.user,
            stream=call.stream,
            attempts=tuple(self.attempts),
            response=response,
            error=error,
            usage=usage,
            time_to_first_chunk=None if first_chunk_at is None else first_chunk_at - call.started_at,
            labels=call.labels,
            variant=call.variant,
            adjusted=self.adjusted,
            cached=self.cached,
            pricing=None if account is None else functools.partial(account.cost, call),
        )


def _status(error: errors.CallError | None) -> AttemptStatus:
    if error is None:
        return "ok"
    return "skipped" if isinstance(error, errors.CircuitOpenError | errors.CallRefused) else "failed"
