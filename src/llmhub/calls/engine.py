"""What a hub sets up at its first call and every later call uses: clients, private loops, observers."""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up
import os
from collections.abc import Mapping
from time import monotonic
from types import MappingProxyType
from typing import Any

from attrs import evolve

from llmhub.anyllm.clients import ClientPool, import_any_llm
from llmhub.anyllm.endpoints import Endpoint, endpoint
from llmhub.calls.alarm import Alarms
from llmhub.calls.attempt import Equipment
from llmhub.calls.cache import ResponseCache, cache_file
from llmhub.calls.circuits import Circuits
from llmhub.calls.drive import drive
from llmhub.calls.loops import PrivateLoops
from llmhub.calls.methods import Occasion
from llmhub.calls.observe import Observers
from llmhub.calls.resolve import check_mode, resolve_all
from llmhub.calls.roles import Roles
from llmhub.calls.slots import Slots
from llmhub.calls.stream import blocking
from llmhub.config.paths import cache_dir
from llmhub.records.calls import CallContext, Feedback, Health, Method, ResolvedRole
from llmhub.records.config import HubConfig, RoleConfig


class Engine:
    """Makes calls for one hub; safe from any thread and any event loop."""

    def __init__(
        self, roles: Roles, observers: Observers, environ: Mapping[str, str], previous: Engine | None = None
    ) -> None:
        config = roles.config
        self._roles = roles
        self._loops: PrivateLoops = previous._loops if previous else PrivateLoops()
        self._clients: ClientPool = previous._clients if previous else ClientPool()
        self._any_llm_ready: bool = previous._any_llm_ready if previous else False
        self._equipment: Equipment = Equipment(
            clients=self._clients,
            endpoints=_endpoints(config, previous),
            environ=environ,
            observers=observers,
            circuits=_circuits(config, previous),
            alarms=previous._equipment.alarms if previous else Alarms(),
            slots=_slots(config, previous),
            cache=_cache(config, environ, previous),
        )
        self._equipment_here = evolve(self._equipment, owns_its_loop=True)

    @property
    def observers(self) -> Observers:
        return self._equipment.observers

    def with_config(self, roles: Roles, observers: Observers) -> Engine:
        """An engine for another configuration that goes on with the same clients, loops and circuits."""
        engine = Engine(roles, observers, self._equipment.environ, self)
        if self._equipment.cache is not None and engine._equipment.cache is not self._equipment.cache:
            self._equipment.cache.close()
        return engine

    def call(
        self,
        role: str,
        method: Method,
        payload: Any,
        asked: Mapping[str, Any],
        occasion: Occasion,
    ) -> Any:
        resolved = self._roles.resolve(role)
        check_mode(resolved, method)
        if not self._any_llm_ready:
            self._import_any_llm()
        call = self._context(resolved, method, payload, occasion)
        loop = self._loops.borrow()
        try:
            answer = self._loops.run(loop, drive(self._equipment_here, resolved, call, asked))
        except BaseException:
            self._loops.give_back(loop)
            raise
        if call.stream:
            return blocking(self._loops, loop, answer)
        self._loops.give_back(loop)
        return answer

    async def acall(
        self,
        role: str,
        method: Method,
        payload: Any,
        asked: Mapping[str, Any],
        occasion: Occasion,
    ) -> Any:
        resolved = self._roles.resolve(role)
        check_mode(resolved, method)
        if not self._any_llm_ready:
            # About a second, once per process: on a thread, so that the loop goes on serving others.
            await asyncio.to_thread(self._import_any_llm)
        call = self._context(resolved, method, payload, occasion)
        return await drive(self._equipment, resolved, call, asked)

    async def close_here(self) -> None:
        """Close the clients of the running loop."""
        await self._clients.close_here(asyncio.get_running_loop())

    def close(self) -> None:
        """Close idle private loops with their connections, and the ledger."""
        self._loops.close()
        if self._equipment.cache is not None:
            self._equipment.cache.close()
        if self.observers.account is not None:
            self.observers.account.close()
        for hook in self.observers.close:
            hook()

    def feedback(self, feedback: Feedback) -> None:
        """Tell whoever listens how good an answer was."""
        self.observers.tell_feedback(feedback)

    def health(self) -> Health:
        """How the targets of the configuration stand, and how busy the providers with a limit are."""
        targets = [target for role in resolve_all(self._roles.config) for target in role.targets]
        return Health(
            targets=self._equipment.circuits.health(targets),
            providers=tuple(slots.load() for slots in self._equipment.slots.values()),
        )

    def forget_inherited(self) -> None:
        """In a forked child: let go of the parent's loops and connections without closing them."""
        self._equipment.circuits.forget()
        self._equipment.alarms.forget()
        if self._equipment.cache is not None:
            self._equipment.cache.forget()
        for slots in self._equipment.slots.values():
            slots.forget()
        self._clients.forget_inherited()
        self._loops.forget_inherited()

    def _context(self, resolved: ResolvedRole, method: Method, payload: Any, occasion: Occasion) -> CallContext:
        primary = resolved.targets[0]
        stream, user, labels, call_id = occasion
        return CallContext(
            call_id=call_id or os.urandom(12).hex(),
            role=resolved.role,
            provider=primary.provider,
            model=primary.model,
            mode=resolved.mode,
            method=method,
            input=payload,
            project=self._roles.config.project,
            environment=self._roles.config.env,
            user=user,
            stream=stream,
            started_at=monotonic(),
            labels=labels or _NO_LABELS,
            sticky_key=None if resolved.sticky_by is None else _sticky_key(resolved.sticky_by, occasion),
        )

    def _import_any_llm(self) -> None:
        # Before the clock of the first call starts: it would eat into its timeout.
        import_any_llm()

        self._any_llm_ready = True


_NO_LABELS: Mapping[str, str] = MappingProxyType({})


def _sticky_key(sticky_by: str, occasion: Occasion) -> str | None:
    return occasion.user if sticky_by == "user" else (occasion.labels or _NO_LABELS).get(sticky_by)


def _endpoints(config: HubConfig, previous: Engine | None) -> dict[str, Endpoint]:
    """Every provider the configuration can call. Unchanged ones stay the same object, and keep their connections."""
    names = {name: config.providers.get(name) for role in _roles(config) for name in _providers_of(role)}
    before = previous._equipment.endpoints if previous else {}
    unchanged = {
        name: before[name]
        for name, settings in names.items()
        if previous and name in before and previous._roles.config.providers.get(name) == settings
    }
    return {name: unchanged.get(name) or endpoint(name, settings) for name, settings in names.items()}


def _circuits(config: HubConfig, previous: Engine | None) -> Circuits:
    if previous is None:
        return Circuits(config.circuit)
    circuits = previous._equipment.circuits
    circuits.settings = config.circuit
    return circuits


def _slots(config: HubConfig, previous: Engine | None) -> dict[str, Slots]:
    """The places of every provider that has a limit. Under an unchanged limit, calls under way still count."""
    before = previous._equipment.slots if previous else {}
    limits = {name: settings.max_concurrency for name, settings in config.providers.items()}
    return {
        name: before[name] if name in before and before[name].limit == limit else Slots(name, limit)
        for name, limit in limits.items()
        if limit is not None
    }


def _cache(config: HubConfig, environ: Mapping[str, str], previous: Engine | None) -> ResponseCache | None:
    if not any(role.cache for role in _roles(config)):
        return None
    if (
        previous is not None
        and previous._equipment.cache is not None
        and previous._roles.config.project == config.project
    ):
        return previous._equipment.cache
    return ResponseCache(cache_file(cache_dir(environ), config.project))


def _roles(config: HubConfig) -> list[RoleConfig]:
    return [*config.roles.values(), *([config.defaults] if config.defaults else [])]


def _providers_of(role: RoleConfig) -> list[str]:
    variants = [variant.provider for variant in role.variants if variant.provider is not None]
    return [role.provider, *variants, *(target.provider for target in role.fallbacks)]
