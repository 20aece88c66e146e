"""Running the provider server: within this process on a thread of its own, or as a process.

    python -m llmhub.testing.server [--port N] [--require-key VARIABLE] [--until-stdin-closes]

prints one line, the URL, once it accepts connections, and ends on SIGTERM or SIGINT with exit code 0. VARIABLE names
the environment variable that holds the key to ask for.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from llmhub.testing.app import ProviderApp
from llmhub.testing.counters import Counters, Counts, RecordedRequest
from llmhub.testing.faults import OK, Fault, Script, Scripts
from llmhub.testing.running import RunningServer, listen

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

DEFAULT_MODELS: Final = ("gpt-4o", "gpt-4o-mini", "text-embedding-3-small", "claude-3-5-sonnet-20241022")


class ProviderServer:
    """A provider on 127.0.0.1 that answers any model, in the dialects of OpenAI and Anthropic.

    `port` 0 takes a free one. With `required_key`, requests that show another key get a 401. `models` is what
    `GET /models` lists. The last `keep` requests are kept for `requests`. A context manager; `start` and `stop` do the
    same. A fault may be given as `Fault` or as its word (see `llmhub.testing.faults`).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        required_key: str | None = None,
        models: Sequence[str] = DEFAULT_MODELS,
        keep: int = 100,
    ) -> None:
        self._wanted_port = port
        self._scripts = Scripts()
        self._counters = Counters(keep=keep)
        self._app = ProviderApp(
            scripts=self._scripts,
            counters=self._counters,
            models=models,
            required_key=required_key,
            clock=time.time,
        )
        self._running: RunningServer | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; returns when connections are accepted. Raises `OSError` when the port is taken."""
        if self._running is not None:
            raise RuntimeError("this server runs already")
        self._running = RunningServer(listen(self._wanted_port), self._app, self._counters.connections)

    def stop(self) -> None:
        """Break all connections and end the thread; nothing happens if it does not run."""
        running, self._running = self._running, None
        if running is not None:
            running.stop()

    @property
    def port(self) -> int:
        """The port it listens on. Raises `RuntimeError` while it does not run."""
        if self._running is None:
            raise RuntimeError("this server does not run; use it in a `with` statement")
        return self._running.port

    @property
    def url(self) -> str:
        """The origin, `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def openai_base(self) -> str:
        """What clients of OpenAI's kind take as base URL."""
        return f"{self.url}/v1"

    @property
    def anthropic_base(self) -> str:
        """What clients of Anthropic's kind take as base URL; they append `/v1` themselves."""
        return self.url

    def script(self, model: str, faults: Iterable[Fault | str], *, afterwards: Fault | str = OK) -> None:
        """Let the next requests for *model* meet *faults* in order, one each, and then *afterwards*.

        Replaces what was set for *model*. The model `*` stands for every model that has nothing set, and for requests
        without one.
        """
        script = Script(faults=tuple(_fault(one) for one in faults), afterwards=_fault(afterwards))
        self._scripts.play(model, script)

    def fail(self, model: str, fault: Fault | str, *, times: int = 1) -> None:
        """Let the next *times* requests for *model* meet *fault*, after what was scripted before."""
        self._scripts.append(model, [_fault(fault)] * times)

    def always(self, model: str, fault: Fault | str) -> None:
        """Let every request for *model* meet *fault*, once what was scripted before is used up."""
        self._scripts.always(model, _fault(fault))

    def reply(self, model: str, text: str) -> None:
        """Let chats with *model* be answered with *text*, where no tool is called."""
        self._scripts.reply(model, text)

    def clear(self) -> None:
        """Forget all scripts and replies."""
        self._scripts.clear()

    def reset(self) -> None:
        """Forget all scripts and replies, and count from zero."""
        self._scripts.clear()
        self._counters.reset()

    @property
    def counts(self) -> Counts:
        """What was counted since the start or the last `reset`."""
        return self._counters.counts()

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The last requests, oldest first."""
        return self._counters.recorded()


def _fault(given: Fault | str) -> Fault:
    return Fault.parse(given) if isinstance(given, str) else given


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a server until a signal, or the end of standard input, says to stop. Returns the exit code."""
    options = _parser().parse_args(arguments)
    required_key = None
    if options.require_key is not None:
        required_key = os.environ.get(options.require_key)
        if not required_key:
            sys.stderr.write(f"the environment variable {options.require_key} holds no key\n")
            return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if options.until_stdin_closes:
        threading.Thread(target=_wait_for_end_of_input, args=(stop,), daemon=True).start()
    try:
        with ProviderServer(port=options.port, required_key=required_key) as server:
            sys.stdout.write(f"{server.url}\n")
            sys.stdout.flush()
            # In short waits, because on Windows a signal does not end a long one.
            while not stop.wait(0.5):
                pass
    except OSError as problem:
        sys.stderr.write(f"cannot listen on port {options.port}: {problem.strerror}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m llmhub.testing.server",
        description="A language model provider on 127.0.0.1, for tests.",
    )
    parser.add_argument("--port", type=int, default=0, metavar="N", help="the port to listen on; 0 takes a free one")
    parser.add_argument("--require-key", metavar="VARIABLE", help="environment variable with the key to ask for")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input closes")
    return parser


def _wait_for_end_of_input(stop: threading.Event) -> None:
    # Not through sys.stdin: a thread that holds its lock when the interpreter ends would abort it.
    while os.read(0, 4096):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
