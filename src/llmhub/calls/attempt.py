"""One try of one target: client, parameters, time limit, and the failure in our words."""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up
from collections.abc import Mapping
from time import monotonic
from typing import Any, NamedTuple

from attrs import define, field, frozen

from llmhub import errors
from llmhub.anyllm import acceptance, answers, failures, operations, structured
from llmhub.anyllm.arrival import awaited
from llmhub.anyllm.clients import ClientPool
from llmhub.anyllm.endpoints import Endpoint
from llmhub.anyllm.parameters import translate
from llmhub.calls.alarm import Alarms
from llmhub.calls.cache import ResponseCache
from llmhub.calls.circuits import LATE, Circuits
from llmhub.calls.observe import Observers
from llmhub.calls.plan import REASONS
from llmhub.calls.slots import Slots
from llmhub.calls.stream import open_stream
from llmhub.records.calls import CallContext, ResolvedRole, Target


@frozen(kw_only=True, eq=False)
class Equipment:
    """What a hub lends to each of its calls. `slots`: those of providers that have a limit.

    `cache` is there when a role has one. `owns_its_loop`: the call runs on a loop that serves nobody else, so that it
    may wait without awaiting.
    """

    clients: ClientPool
    endpoints: Mapping[str, Endpoint]
    environ: Mapping[str, str] = field(repr=False)
    observers: Observers
    circuits: Circuits
    alarms: Alarms
    slots: Mapping[str, Slots] = field(factory=dict)
    owns_its_loop: bool = False
    cache: ResponseCache | None = None


class Answered(NamedTuple):
    """What came of an attempt that went well. `slots`: to be given a place back once the stream has ended."""

    answer: Any
    adjusted: tuple[str, ...] = ()
    slots: Slots | None = None


@define(eq=False)
class Attempting:
    """What one attempt asks of one target. `params`: those of the call and the target together.

    `of_first`: it is the call's first target, from which nothing that was asked for may be kept back.
    """

    equipment: Equipment
    resolved: ResolvedRole
    call: CallContext
    target: Target
    params: Mapping[str, Any]
    of_first: bool

    async def run(self) -> Answered:
        """Try the target once.

        Raises:
            CallError: with role, provider and model.
        """
        circuits = self.equipment.circuits
        try:
            if circuits.troubled:
                circuits.admit(self.target)
            slots = self.equipment.slots.get(self.target.provider) if self.equipment.slots else None
            answered = await (self._ask() if slots is None else self._ask_in_turn(slots))
        except errors.CallError as error:
            error.role, error.provider, error.model = self.call.role, self.target.provider, self.target.model
            if not isinstance(error, errors.CircuitOpenError):
                circuits.failed(self.target, error)
            raise
        except BaseException as stop:
            circuits.failed(self.target, stop)
            raise
        if circuits.troubled and not self.call.stream:
            circuits.answered(self.target)
        return answered

    async def _ask_in_turn(self, slots: Slots) -> Answered:
        await self._wait_for(slots)
        try:
            answered = await self._ask()
        except BaseException:
            slots.give_back()
            raise
        if self.call.stream:
            return answered._replace(slots=slots)
        slots.give_back()
        return answered

    async def _wait_for(self, slots: Slots) -> None:
        """Wait for a place at the provider, until the deadline of the call at the longest."""
        patience = self.call.started_at + self.resolved.deadline - monotonic()
        alarm = self.equipment.alarms.set(asyncio.get_running_loop(), patience)
        try:
            await slots.take()
        except asyncio.CancelledError:
            if not alarm.rang_alone():
                raise
        else:
            return
        finally:
            alarm.off()
        raise errors.ProviderBusyError(
            f"none of {slots.limit} places at {slots.provider} became free within {patience:.1f} s"
        )

    async def _ask(self) -> Answered:
        endpoint = self.equipment.endpoints[self.target.provider]
        began = monotonic()
        patience = self.call.started_at + self.resolved.deadline - began
        if self.resolved.timeout is not None and self.resolved.timeout < patience:
            patience = self.resolved.timeout
        loop = asyncio.get_running_loop()
        alarm = self.equipment.alarms.set(loop, patience)
        arrival = awaited(told=endpoint.takes_a_client)
        try:
            key = endpoint.key(self.equipment.environ)
            clients = self.equipment.clients
            client = clients.at_hand(loop, endpoint, key) or await clients.get(loop, endpoint, key)
            return await self._send(endpoint, client)
        except asyncio.CancelledError:
            if not alarm.rang_alone():
                raise
            error: errors.CallError = _timeout(patience, alarm.late)
        except Exception as fault:
            secrets = endpoint.secrets(self.equipment.environ)
            provider, any_llm_provider = self.target.provider, endpoint.any_llm_provider
            error = failures.translate(fault, provider, any_llm_provider, secrets, answered=arrival.answered)
        finally:
            alarm.off()
        # Outside the `except`, so that no context clings to it: what was raised below may quote the key.
        raise error

    async def _send(self, endpoint: Endpoint, client: Any) -> Answered:
        method = self.call.method
        arguments: Mapping[str, Any] = translate(endpoint.any_llm_provider, method, self.params)
        adjusted: tuple[str, ...] = ()
        if self.target.refuses:
            arguments, adjusted = acceptance.spare(self.target, arguments)
        if self.of_first:
            acceptance.check(endpoint, client, method, arguments)
        else:
            arguments, more = acceptance.fit(endpoint, client, method, arguments, self.target.params)
            adjusted += more
        attrs_class = None
        if not structured.NAMES.isdisjoint(arguments):
            arguments, attrs_class = structured.travelling(arguments)
        if self.call.stream:
            arguments = {**arguments, "stream": True}
            opened = await operations.start(client, method, self.target.model, self.call.input, arguments)
            return Answered(await open_stream(opened), adjusted)
        try:
            answer = await operations.start(client, method, self.target.model, self.call.input, arguments)
        except ValueError as fault:
            misfit = structured.misfit(fault, arguments)
            if misfit is None:
                raise
            raise misfit from fault
        if self.resolved.fallback_on:
            self._turn_down(answer, arguments)
        return Answered(answer if attrs_class is None else structured.arrived(answer, attrs_class), adjusted)

    def _turn_down(self, answer: Any, arguments: Mapping[str, Any]) -> None:
        """Raise what is wrong with an answer, if the role counts it as a failure."""
        flaw = answers.flaw_of(self.call.method, answer)
        if flaw is not None and REASONS[type(flaw)] in self.resolved.fallback_on:
            raise flaw
        wants_json = self.call.method == "completion" and isinstance(arguments.get("response_format"), dict)
        if wants_json and "invalid_schema" in self.resolved.fallback_on and not answers.is_json(answer):
            invalid = errors.InvalidAnswerError("the answer is not JSON")
            invalid.response = answer
            raise invalid


def _timeout(patience: float, late: float) -> errors.CallTimeoutError:
    noticed = f"; this process was busy, and noticed {late:.1f} s later" if late > LATE else ""
    error = errors.CallTimeoutError(f"no answer within {patience:.1f} s{noticed}")
    error.late = late
    return error
