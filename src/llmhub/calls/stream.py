"""Passing chunks on, and telling how a stream ended."""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from time import monotonic
from typing import Any

from attrs import frozen

from llmhub.anyllm.answers import read_chunk
from llmhub.calls.alarm import Deadline
from llmhub.calls.loops import PrivateLoops
from llmhub.errors import CallTimeoutError, InterruptedStreamError
from llmhub.records.calls import Method, Usage


@frozen(kw_only=True)
class StreamEnd:
    """How a stream ended: `fault` is what broke it, `received` the text until then, `usage` what it said it used."""

    fault: BaseException | None
    received: str
    usage: Usage | None
    first_chunk_at: float


Ended = Callable[[StreamEnd], BaseException | None]
"""Told once how a stream ended; answers with the error to raise."""

_NOTHING: Any = object()


@frozen(eq=False)
class OpenedStream:
    """A stream whose first chunk has arrived."""

    first: Any
    rest: AsyncIterator[Any]
    first_chunk_at: float


async def open_stream(answer: AsyncIterator[Any]) -> OpenedStream:
    """Wait for the first chunk: any-llm sends the request, and learns of its errors, only then."""
    rest = aiter(answer)
    first = await anext(rest, _NOTHING)
    if first is _NOTHING:
        raise InterruptedStreamError("the stream ended before its first chunk")
    return OpenedStream(first, rest, monotonic())


async def relay(stream: OpenedStream, method: Method, ended: Ended, patience: float) -> AsyncGenerator[Any, None]:
    """The stream's chunks as an async generator that closes its connection and tells how it ended, whatever happens.

    *patience*: seconds until the call's deadline.
    """
    chunks = _chunks(stream, method, ended, patience)
    # A generator that was never begun skips its own clean-up when it is dropped, and the connection would stay open.
    await anext(chunks)
    return chunks


async def _chunks(stream: OpenedStream, method: Method, ended: Ended, patience: float) -> AsyncGenerator[Any, None]:
    usage: Usage | None = None
    complete = False
    received: list[str] = []
    fault: BaseException | None = None
    deadline = Deadline(asyncio.get_running_loop(), patience)
    step = stream.rest.__anext__
    try:
        yield None
        chunk = stream.first
        while True:
            text, finished, used = read_chunk(method, chunk)
            if text:
                received.append(text)
            if finished:
                complete = True
            if used is not None:
                usage = used
            yield chunk
            # Only while waiting for the provider: the consumer may take its time, in whatever task it likes.
            deadline.begin()
            try:
                chunk = await step()
            except StopAsyncIteration:
                break
            except asyncio.CancelledError:
                if not deadline.rang_alone():
                    raise
                raise TimeoutError from None
            finally:
                deadline.end()
        if not complete:
            fault = InterruptedStreamError("the stream ended without a finish reason: it was cut off")
    except TimeoutError:
        fault = CallTimeoutError("the stream ran past the call's deadline")
    except (Exception, asyncio.CancelledError, GeneratorExit) as error:
        fault = error
    finally:
        deadline.off()
        with contextlib.suppress(Exception):
            await stream.rest.aclose()  # type: ignore[attr-defined]
        text = "".join(received) if isinstance(fault, Exception) else ""
        told = StreamEnd(fault=fault, received=text, usage=usage, first_chunk_at=stream.first_chunk_at)
        fault = ended(told)
    if fault is not None:
        raise fault


def blocking(loops: PrivateLoops, loop: asyncio.AbstractEventLoop, chunks: AsyncGenerator[Any, None]) -> Any:
    """The same chunks for a caller without a loop. *loop* stays borrowed until the stream has ended."""
    relayed = _blocking(loops, loop, chunks)
    next(relayed)  # begun, for the same reason as above
    return relayed


def _blocking(
    loops: PrivateLoops, loop: asyncio.AbstractEventLoop, chunks: AsyncGenerator[Any, None]
) -> Generator[Any, None, None]:
    try:
        yield None
        while True:
            chunk = loops.run(loop, _next(chunks))
            if chunk is _NOTHING:
                return
            yield chunk
    finally:
        loops.run(loop, chunks.aclose())
        loops.give_back(loop)


async def _next(chunks: AsyncGenerator[Any, None]) -> Any:
    return await anext(chunks, _NOTHING)
