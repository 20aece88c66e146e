"""Whatever happens to a call, and whoever looks at what is left of it: no key stands anywhere.

What shows the variables of each frame (`capture_locals`, rich's and pytest's tracebacks) shows the key that a call is
made with, too, and is out of reach of any library.
"""

from __future__ import annotations

import asyncio
import io
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from llmhub import Hub, errors
from llmhub.testing import ProviderServer

HELLO = [{"role": "user", "content": "Hello"}]
WAYS = ("400", "401", "402", "403", "404", "409", "413", "422", "429", "500", "503", "cut", "body", "shape", "json")
STREAMED_WAYS = (*WAYS, "stream", "event")
PROVIDERS = {
    "openai": None,
    "anthropic": None,
    "office": "OFFICE_KEY",
    "lab": "LAB_KEY",
    "quotes": "QUOTE_KEY",
    "accents": "ACCENT_KEY",
}
FAULTS = (
    "400", "401", "402", "403", "404", "409", "413", "422", "429", "429-0.01", "429-date-0", "500", "502", "503-0.01",
    "529", "hang-5", "slow-0.01", "pace-0.01", "cut-0", "cut-1", "reset-0", "reset-1", "bad-json", "no-finish", "empty",
    "filtered", "content-filter", "context-length", "insufficient-quota", "ok",
)  # fmt: skip


def configuration(url: str, models: tuple[str, ...], **more: Any) -> dict[str, Any]:
    """A role for each of *models* at each provider, named `PROVIDER MODEL`, and one that falls through all of them."""
    providers = {}
    for name, variable in PROVIDERS.items():
        base = url if name == "anthropic" else f"{url}/v1"
        providers[name] = {"api_base": base, **({"env_key": variable} if variable else {})}
    usual = {"retry": {"attempts": 1}, "timeout": 2.0, "cache": {"ttl": 60.0}, **more}
    roles = {
        f"{provider} {model}": {"provider": provider, "model": model, **usual}
        for provider in PROVIDERS
        for model in models
    }
    every = [{"provider": provider, "model": "quote-500"} for provider in PROVIDERS]
    roles["every"] = {**every[0], "fallbacks": every[1:], "fallback_on": ["authentication"], **usual}
    budget = {"month": {"limit": 100, "webhook_env": "TEAM_WEBHOOK", "on_exceed": "warn"}}
    return {"project": "shop", "providers": providers, "roles": roles, "budgets": budget}


class Watcher(logging.Handler):
    """Writes down all that any logger of this process says, with every field of every record."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.written = io.StringIO()
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.written.write(f"{self.format(record)} {vars(record)!r}\n")


@pytest.fixture
def log() -> Iterator[Watcher]:
    """The whole root logger at DEBUG."""
    watcher, root = Watcher(), logging.getLogger()
    before = root.level
    root.addHandler(watcher)
    root.setLevel(logging.DEBUG)
    yield watcher
    root.removeHandler(watcher)
    root.setLevel(before)


@pytest.fixture
def seen(place: Any, log: Watcher, told: Callable[..., list[str]], capfd: Any) -> Iterator[list[tuple[str, str]]]:
    """What a test saw, each with where; at the end none of it may tell a secret, nor the log, output and files."""
    collected: list[tuple[str, str]] = []
    before = place.files()
    yield collected
    assert collected, "the test has looked at nothing"
    output = capfd.readouterr()
    collected += [("log", log.written.getvalue()), ("stdout", output.out), ("stderr", output.err)]
    found = [line for where, text in collected for line in told(where, text)]
    assert not [*found, *place.written_secrets(before)]


def everything_of(error: BaseException) -> str:
    """All that an exception shows, and what it takes along to another process."""
    shown = [str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))]
    shown += [f"{link!r} {link.args!r}" for link in chain(error)]
    if isinstance(error, errors.CallError):
        again = pickle.loads(pickle.dumps(error))
        shown += [repr(vars(again)), pickle.dumps(error).decode("latin-1"), *map(repr, error.attempts)]
    return "\n".join(shown)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def called(hub: Hub, role: str) -> str:
    try:
        return repr(hub.completion(role, HELLO))
    except errors.HubError as error:
        return everything_of(error)


def streamed(hub: Hub, role: str) -> str:
    try:
        return repr(list(hub.completion(role, HELLO, stream=True)))
    except errors.HubError as error:
        return everything_of(error)


async def acalled(hub: Hub, role: str) -> str:
    try:
        return repr(await hub.acompletion(role, HELLO))
    except errors.HubError as error:
        return everything_of(error)


async def astreamed(hub: Hub, role: str) -> str:
    try:
        return repr([chunk async for chunk in await hub.acompletion(role, HELLO, stream=True)])
    except errors.HubError as error:
        return everything_of(error)


def every_way(hub: Hub, roles: list[str], *, streams: list[str]) -> Iterator[tuple[str, str]]:
    """What each role brings, called in both forms, and as a stream."""

    async def both() -> list[tuple[str, str]]:
        whole = [(f"async {role}", await acalled(hub, role)) for role in roles]
        return whole + [(f"async stream {role}", await astreamed(hub, role)) for role in streams]

    yield from ((role, called(hub, role)) for role in roles)
    yield from ((f"stream {role}", streamed(hub, role)) for role in streams)
    yield from asyncio.run(both())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_key_that_a_provider_quotes_in_any_form_is_told_nowhere(provider, seen, quoting):
    results = []
    models = tuple(f"quote-{way}" for way in STREAMED_WAYS)
    with Hub(config=configuration(quoting.url, models), on_after_call=results.append) as hub:
        plain = [f"{provider} quote-{way}" for way in WAYS]
        seen += every_way(hub, plain, streams=[f"{provider} quote-{way}" for way in STREAMED_WAYS])
        seen += [("hub", repr(hub)), ("health", repr(hub.health())), ("roles", repr(hub.resolve(plain[0])))]
    seen += [("result", repr(result)) for result in results]
    assert len(results) == 2 * (len(WAYS) + len(STREAMED_WAYS))


def test_the_keys_of_all_targets_that_failed_are_told_nowhere(seen, quoting):
    with Hub(config=configuration(quoting.url, ())) as hub:
        seen += every_way(hub, ["every"], streams=["every"])
    assert "6. accents:quote-500" in seen[0][1]


@pytest.mark.parametrize("provider", ["openai", "anthropic", "accents"])
def test_no_fault_of_a_provider_tells_a_key(provider, seen, provider_server: ProviderServer):
    models = tuple(f"fault-{word}" for word in FAULTS)
    config = configuration(provider_server.url, models, timeout=0.25)
    with Hub(config=config) as hub:
        roles = [f"{provider} {model}" for model in models]
        seen += every_way(hub, roles, streams=roles)


def test_an_address_where_nobody_listens_tells_no_key(seen):
    with Hub(config=configuration("http://127.0.0.1:1", ("m",))) as hub:
        roles = [f"{provider} m" for provider in PROVIDERS]
        seen += every_way(hub, roles, streams=roles)


def test_a_missing_key_is_told_by_the_name_of_its_variable(seen, monkeypatch, quoting):
    monkeypatch.delenv("OFFICE_KEY")
    config = configuration(quoting.url, ("m",))
    with pytest.raises(errors.MissingKeysError, match="OFFICE_KEY") as caught:
        Hub(config=config, strict_env=True)
    with Hub(config=config) as hub:
        seen += [("error", everything_of(caught.value)), ("call", called(hub, "office m"))]
    assert "MissingKeyError" in seen[1][1]


def test_a_proxy_and_an_address_in_the_environment_may_hold_a_password(seen, monkeypatch, quoting, told):
    """As `HTTPS_PROXY` and `OPENAI_BASE_URL` may, in many a company."""
    monkeypatch.setenv("HTTP_PROXY", "http://worker:Nv8Yb3Gs6Wd1@127.0.0.1:1")
    monkeypatch.setenv("OPENAI_BASE_URL", f"{quoting.url.replace('//', '//worker:Nv8Yb3Gs6Wd1@')}/v1")
    for proxied in (True, False):
        monkeypatch.setenv("NO_PROXY", "" if proxied else "127.0.0.1")
        config = {"project": "shop", "roles": {"r": {"provider": "openai", "model": "quote-401"}}}
        with Hub(config=config) as hub:
            seen += every_way(hub, ["r"], streams=["r"])
