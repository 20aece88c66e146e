"""What a request learns of the call it caused: the target that answers, the attempts, the result.

The hub tells its hooks of a call in the task that makes it, so a context variable finds the request again. This module
is a plugin of kind `call`, registered by whoever makes the hub of a server: `service.serving_hub`.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from attrs import define

from llmhub import hookimpl

if TYPE_CHECKING:
    from llmhub.records.calls import CallContext, CallResult

PLUGIN_NAME = "llmhub-server"


@define(eq=False)
class Witness:
    """One request's: `call` once the hub has begun, the `attempts` that ended so far, `result` once all has ended."""

    call: CallContext | None = None
    attempts: int = 0
    result: CallResult | None = None


_PRESENT: ContextVar[Witness] = ContextVar("llmhub_server_witness")


def summon() -> Witness:
    """A witness of the calls that the running task makes from now on."""
    witness = Witness()
    _PRESENT.set(witness)
    return witness


@hookimpl
def llmhub_before_call(call: CallContext) -> None:
    witness = _PRESENT.get(None)
    if witness is not None:
        witness.call = call


@hookimpl
def llmhub_on_attempt() -> None:
    witness = _PRESENT.get(None)
    if witness is not None:
        witness.attempts += 1


@hookimpl
def llmhub_after_call(result: CallResult) -> None:
    witness = _PRESENT.get(None)
    if witness is not None:
        witness.result = result
