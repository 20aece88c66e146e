"""Whether an answer has arrived: a fault before that is the request's, and one after it the answer's.

any-llm turns requests into what a provider takes, and answers into its own objects, and raises the same errors from
either. So the HTTP clients that we hand to the SDKs tell of each response, in the context of the attempt that asked.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any


class Arrival:
    """Whether the provider has answered at all; `None` where its client does not tell."""

    __slots__ = ("answered",)

    def __init__(self, *, told: bool) -> None:
        self.answered: bool | None = False if told else None


_awaited: ContextVar[Arrival | None] = ContextVar("llmhub_arrival", default=None)


def awaited(*, told: bool) -> Arrival:
    """What the attempt that now begins, in this context, will know of its answer. *told*: its client tells."""
    arrival = Arrival(told=told)
    _awaited.set(arrival)
    return arrival


async def tell(_response: Any) -> None:
    """For the `response` hooks of an HTTP client."""
    arrival = _awaited.get()
    if arrival is not None:
        arrival.answered = True
