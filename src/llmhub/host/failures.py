"""What went wrong with plugins: remembered in full, told once in one line."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, TextIO

from llmhub.errors import PluginLoadError
from llmhub.host.plugin import THIS_PROGRAM, Plugin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from llmhub.records.plugins import Phase, PluginFailure


class RejectedError(Exception):
    """The host found fault with a plugin; the message says all there is to say, so no traceback is kept."""


class FailureLog:
    """The failures of one host. Safe to use from many threads.

    A failure that repeats (same plugin, phase, hook and class of exception) is remembered once: a hook that fails on
    every call does not fill the memory of a process that runs for weeks.
    """

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._lock = Lock()
        self._remembered: dict[tuple[object, ...], PluginFailure] = {}
        self._told: set[int] = set()

    def remember(self, plugin: Plugin, phase: Phase, error: BaseException, *, hook: str = "") -> PluginFailure:
        """Keep *error*, and return the failure made of it, without the secrets of this process that it may quote.

        Raises:
            PluginLoadError: at once, when the host is strict.
        """
        import os

        from llmhub.records.plugins import PluginFailure
        from llmhub.records.secrets import Secrets

        secrets = Secrets.of(os.environ)
        failure = PluginFailure(
            plugin=plugin.name,
            distribution=plugin.distribution,
            phase=phase,
            error=secrets.struck(_in_one_line(error, hook)),
            traceback=secrets.struck(_traceback(error)),
            remedy="Mend it where the program gives it." if plugin.distribution == THIS_PROGRAM else "",
        )
        with self._lock:
            failure = self._remembered.setdefault((plugin.key, phase, hook, type(error)), failure)
            if self._strict:
                self._told.add(id(failure))
        if self._strict:
            raise PluginLoadError([failure]) from (None if secrets.told_by(error) else error)
        return failure

    def all(self) -> tuple[PluginFailure, ...]:
        with self._lock:
            return tuple(self._remembered.values())

    def of(self, plugin: Plugin) -> tuple[PluginFailure, ...]:
        return tuple(failure for failure in self.all() if (failure.plugin, failure.distribution) == plugin.key)

    def mark_as_told(self, failures: Iterable[PluginFailure]) -> bool:
        """Note that the user has seen *failures*, in an error or a log; true when any of them was news."""
        with self._lock:
            news = {id(failure) for failure in failures} - self._told
            self._told |= news
            return bool(news)

    def report(self, stream: TextIO) -> None:
        """Write one line per failure that nobody was told of yet."""
        for failure in self.all():
            if self.mark_as_told([failure]):
                print(f"llmhub: {failure}", file=stream)


def _in_one_line(error: BaseException, hook: str) -> str:
    said = " ".join(str(error).split()).removesuffix(".")
    named = said if isinstance(error, RejectedError) else f"{type(error).__name__}: {said}".removesuffix(": ")
    return f"{hook}: {named}" if hook else named


def _traceback(error: BaseException) -> str:
    if isinstance(error, RejectedError):
        return ""
    import traceback

    return "".join(traceback.format_exception(error))
