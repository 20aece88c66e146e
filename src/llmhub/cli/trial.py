"""Roles called for real: what came of each, as a value. Both `llmhub test` and `llmhub doctor` use it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from llmhub.cli.asking import STREAMED, ask, pieces
from llmhub.errors import CallError, HubError

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.catalog import Catalog
    from llmhub.host import PluginHost
    from llmhub.records.calls import Attempt, CallResult, Usage
    from llmhub.records.config import HubConfig

PROMPT = "Say hello in one short sentence."

Listener = Callable[[str], object]
"""Told each piece of a streamed answer as it comes."""


@frozen(kw_only=True)
class Trial:
    """What came of calling one role. `cost` is in US dollars as decimal text, `None` when unpriced.

    `provider` and `model` are those that answered; those that would have, where none did. `seconds_to_first`: until
    the first piece of text, where the answer was streamed. `attempts` are all that were made. Without an answer
    `error` says why, `error_class` names its class, and `exit_code` is what the command should end with.
    """

    role: str
    ok: bool = False
    provider: str | None = None
    model: str | None = None
    mode: str | None = None
    seconds: float = 0.0
    seconds_to_first: float | None = None
    answer: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: str | None = None
    error: str = ""
    error_class: str | None = None
    attempts: tuple[Attempt, ...] = ()
    exit_code: int = 0


@frozen(kw_only=True)
class Bench:
    """A hub to try roles with. *catalog* is for its prices only: without one the calls are unpriced."""

    hub: Hub
    heard: list[CallResult]
    catalog: Catalog | None

    def call(self, role: str, prompt: str) -> Trial:
        """Call *role* once. Nothing is raised for what a provider or a file does wrong."""
        return self._try(role, lambda mode: _Answer.at_once(ask(self.hub, role, mode, prompt)))

    def stream(self, role: str, prompt: str, listener: Listener) -> Trial:
        """Call *role* once, streaming where its mode can: *listener* is told each piece of text. Else as `call`."""

        def answered(mode: str) -> _Answer:
            if mode not in STREAMED:
                return _Answer.at_once(ask(self.hub, role, mode, prompt))
            return _Answer.streamed(pieces(self.hub, role, prompt), listener)

        return self._try(role, answered)

    def _try(self, role: str, answered: Callable[[str], _Answer]) -> Trial:
        from llmhub.anyllm.clients import import_any_llm

        self.heard.clear()
        trial = Trial(role=role)
        try:
            resolved = self.hub.resolve(role)
            target = resolved.primary
            trial = evolve(trial, provider=target.provider, model=target.model, mode=resolved.mode)
            import_any_llm()  # a second or more, which an application pays once and not per call
            began = time.monotonic()
            answer = answered(resolved.mode)
            seconds = round(time.monotonic() - began, 3)
        except HubError as error:
            name = type(error).__name__
            attempts = tuple(error.attempts) if isinstance(error, CallError) else ()
            told = f"{name}: {error}"
            return evolve(trial, error=told, error_class=name, attempts=attempts, exit_code=error.exit_code)
        first = None if answer.first_at is None else round(answer.first_at - began, 3)
        usage = answer.usage
        if self.heard:
            result = self.heard[-1]
            usage = result.usage or usage
            trial = evolve(trial, provider=result.provider, model=result.model, attempts=tuple(result.attempts))
        trial = evolve(trial, ok=True, seconds=seconds, seconds_to_first=first, answer=answer.text)
        return evolve(trial, **_spent(usage, trial, self.catalog))


@contextmanager
def opened_bench(config: HubConfig, host: PluginHost, catalog: Catalog | None) -> Iterator[Bench]:
    """A bench over a hub of its own, which is closed at the end."""
    from llmhub import Hub

    heard: list[CallResult] = []
    with Hub(config=config, plugins=host, on_after_call=heard.append) as hub:
        yield Bench(hub=hub, heard=heard, catalog=catalog)


def try_roles(
    config: HubConfig, host: PluginHost, roles: Iterable[str], prompt: str, catalog: Catalog | None
) -> Iterator[Trial]:
    """Call each of *roles* once with *prompt*. Nothing is raised for what a provider or a file does wrong."""
    with opened_bench(config, host, catalog) as bench:
        for role in roles:
            yield bench.call(role, prompt)


@frozen
class _Answer:
    """What to show of an answer, what it used, and when its first piece came, in monotonic seconds."""

    text: str
    usage: Usage | None
    first_at: float | None = None

    @classmethod
    def at_once(cls, answered: tuple[Any, str]) -> _Answer:
        from llmhub.anyllm.answers import usage_of

        answer, text = answered
        return cls(text, usage_of(answer))

    @classmethod
    def streamed(cls, pieces: Iterable[str], listener: Listener) -> _Answer:
        text: list[str] = []
        first_at = None
        for piece in pieces:
            first_at = first_at or time.monotonic()
            text.append(piece)
            listener(piece)
        return cls("".join(text), None, first_at)


def _spent(usage: Usage | None, trial: Trial, catalog: Catalog | None) -> dict[str, Any]:
    from llmhub.spend.price import price_of

    model = catalog.models.get(f"{trial.provider}:{trial.model}") if catalog else None
    cost = price_of(usage, model.price if model and model.price_state == "known" else None)
    return {
        "input_tokens": usage.input_tokens if usage else None,
        "output_tokens": usage.output_tokens if usage else None,
        "cost": None if cost is None else str(cost),
    }
