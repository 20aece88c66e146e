"""What can go wrong at a provider, each fault in one word.

| word | what happens |
|---|---|
| `ok` | nothing goes wrong |
| `400` ... `599` | this HTTP status, in the dialect's error shape |
| `429-2`, `503-0.5` | the same with `Retry-After` in seconds |
| `429-date-2` | the same with `Retry-After` as an HTTP date, so many seconds ahead (rounded up to whole seconds) |
| `hang-5` | nothing is sent for 5 s, then the usual answer |
| `slow-1` | the headers come at once, the first byte of the body 1 s later |
| `pace-0.1` | 0.1 s before every chunk of the body |
| `cut-3` | the connection is closed after 3 chunks, or in the middle of a plain body; `cut-0` before the first byte |
| `reset-1` | the same, with a TCP reset |
| `bad-json` | status 200 and a body (or first event) that is not JSON |
| `no-finish` | the stream ends in good order, but without a finish reason, usage or end mark |
| `empty` | an answer without any text |
| `filtered` | an answer that stops at once with the finish reason of a content filter |
| `content-filter` | the prompt is refused for its content |
| `context-length` | the prompt is refused as too long |
| `insufficient-quota` | the account has no money left |

Three ways to ask for one: `server.script(model, [...])`, a model named `fault-WORD` (`fault-500`, `fault-429-2`), or
the request header `x-llmhub-fault: WORD`. The header goes before the model's name, the name before the script.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal

from attrs import field, frozen, validators

FaultKind = Literal[
    "ok",
    "status",
    "hang",
    "slow",
    "pace",
    "cut",
    "reset",
    "bad-json",
    "no-finish",
    "empty",
    "filtered",
    "content-filter",
    "context-length",
    "insufficient-quota",
]

ANY_MODEL: Final = "*"
MODEL_PREFIX: Final = "fault-"
HEADER: Final = b"x-llmhub-fault"

_TIMED: Final[dict[str, FaultKind]] = {"hang": "hang", "slow": "slow", "pace": "pace"}
_BREAKING: Final[dict[str, FaultKind]] = {"cut": "cut", "reset": "reset"}
_PLAIN: Final[dict[str, FaultKind]] = {
    "ok": "ok",
    "bad-json": "bad-json",
    "no-finish": "no-finish",
    "empty": "empty",
    "filtered": "filtered",
    "content-filter": "content-filter",
    "context-length": "context-length",
    "insufficient-quota": "insufficient-quota",
}
_STATUS_WORD: Final = re.compile(r"([45]\d\d)(?:-(date-)?(\d+(?:\.\d+)?))?")
_NUMBERED_WORD: Final = re.compile(r"([a-z]+)-(\d+(?:\.\d+)?)")


@frozen(kw_only=True)
class Fault:
    """One fault. `Fault.parse("429-2")` reads the words above; `str(fault)` gives the word again.

    `status` counts for kind `status`, `seconds` for `hang`, `slow` and `pace`, `chunks` for `cut` and `reset`.
    `retry_after` is in seconds.
    """

    kind: FaultKind
    status: int = field(default=200, validator=validators.in_(range(200, 600)))
    seconds: float = field(default=0.0, validator=validators.ge(0))
    chunks: int = field(default=0, validator=validators.ge(0))
    retry_after: float | None = field(default=None, validator=validators.optional(validators.ge(0)))
    retry_after_form: Literal["seconds", "date"] = "seconds"

    @classmethod
    def parse(cls, word: str) -> Fault:
        """The fault that *word* names. Raises `ValueError` that lists the words there are."""
        if status := _STATUS_WORD.fullmatch(word):
            code, date, delay = status.groups()
            return cls(
                kind="status",
                status=int(code),
                retry_after=float(delay) if delay else None,
                retry_after_form="date" if date else "seconds",
            )
        if word in _PLAIN:
            return cls(kind=_PLAIN[word])
        if numbered := _NUMBERED_WORD.fullmatch(word):
            name, number = numbered.groups()
            if name in _TIMED:
                return cls(kind=_TIMED[name], seconds=float(number))
            if name in _BREAKING and number.isdecimal():
                return cls(kind=_BREAKING[name], chunks=int(number))
        raise ValueError(f"no fault {word!r}; there are {', '.join(known_words())}")

    def __str__(self) -> str:
        if self.kind == "status":
            if self.retry_after is None:
                return str(self.status)
            return f"{self.status}-{'date-' if self.retry_after_form == 'date' else ''}{_plain(self.retry_after)}"
        if self.kind in _TIMED:
            return f"{self.kind}-{_plain(self.seconds)}"
        if self.kind in _BREAKING:
            return f"{self.kind}-{self.chunks}"
        return self.kind


OK: Final = Fault(kind="ok")


@frozen(kw_only=True)
class Script:
    """What the next requests for one model meet: `faults` in order, one each, then `afterwards` for ever."""

    faults: tuple[Fault, ...] = ()
    afterwards: Fault = OK


class Scripts:
    """The scripts of one server, consumed as requests come. Safe to set from any thread."""

    def __init__(self) -> None:
        self._next: dict[str, deque[Fault]] = {}
        self._afterwards: dict[str, Fault] = {}
        self._replies: dict[str, str] = {}

    def play(self, model: str, script: Script) -> None:
        """Let requests for *model* (`*`: for any that has no script of its own) meet *script*."""
        self._afterwards[model] = script.afterwards
        self._next[model] = deque(script.faults)

    def append(self, model: str, faults: Iterable[Fault]) -> None:
        self._next.setdefault(model, deque()).extend(faults)

    def always(self, model: str, fault: Fault) -> None:
        self._afterwards[model] = fault

    def reply(self, model: str, text: str) -> None:
        self._replies[model] = text

    def clear(self) -> None:
        self._next.clear()
        self._afterwards.clear()
        self._replies.clear()

    def fault_for(self, model: str) -> Fault:
        """The fault that the request at hand meets; each call is one request."""
        for name in (model, ANY_MODEL):
            waiting = self._next.get(name)
            if waiting:
                return waiting.popleft()
            if name in self._afterwards:
                return self._afterwards[name]
        return OK

    def reply_for(self, model: str) -> str | None:
        return self._replies.get(model, self._replies.get(ANY_MODEL))


def known_words() -> list[str]:
    """Every word `Fault.parse` knows, with its number where it takes one."""
    return [
        "400 to 599",
        "STATUS-SECONDS",
        "STATUS-date-SECONDS",
        *(f"{name}-SECONDS" for name in _TIMED),
        *(f"{name}-CHUNKS" for name in _BREAKING),
        *_PLAIN,
    ]


def _plain(number: float) -> str:
    # repr() would write 1e-05, which the grammar of the words does not have.
    return f"{Decimal(repr(number)).normalize():f}"
