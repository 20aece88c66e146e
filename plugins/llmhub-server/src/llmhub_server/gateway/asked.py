"""A request that has been read: which role it is for, what is for the provider, and what is for the hub alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import define

from llmhub_server.gateway.problem import invalid

RawHeaders = Iterable[tuple[bytes, bytes]]

LABEL_PREFIX = b"x-llmhub-label-"
CALL_ID = b"x-llmhub-call-id"
BETAS = b"anthropic-beta"

_CALL_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_MOST_LABELS = 16
_LONGEST_NAME = 64
_LONGEST_VALUE = 512
"""OpenAI's own bounds for `metadata`."""


@define(kw_only=True, eq=False)
class Asked:
    """One request. `params` are what is left of its body for the provider; operations take their input out of it.

    `wants_usage`: the client asked for the tokens of a stream; `first` is the first chunk of its answer. `encoding` is
    the form in which the client wants vectors or sound, `documents` are those that it wants to have back,
    `betas` Anthropic's features under trial that it wants to use.
    """

    role: str
    params: dict[str, Any]
    stream: bool
    user: str | None
    labels: Mapping[str, str]
    call_id: str
    wants_usage: bool = False
    first: Any = None
    encoding: str | None = None
    documents: list[str] | None = None
    betas: tuple[str, ...] = ()

    def options(self) -> dict[str, Any]:
        """What every method of the hub takes beside its input."""
        return {
            "params_override": self.params,
            "user": self.user,
            "labels": self.labels,
            "call_id": self.call_id,
        }


def call_id_of(headers: RawHeaders) -> str:
    """The call's own name, if the request gives it one; else a new one.

    Raises:
        ProblemError: it is not such a name.
    """
    for name, value in headers:
        if name == CALL_ID:
            given = value.decode("latin-1")
            if not _CALL_ID.fullmatch(given):
                message = "the header x-llmhub-call-id must be 1 to 128 letters, digits and any of '._:-'."
                raise invalid(message, param=CALL_ID.decode(), code="invalid_call_id")
            return given
    return new_call_id()


def new_call_id() -> str:
    return os.urandom(12).hex()


def asked(document: dict[str, Any], headers: RawHeaders, call_id: str, own: Mapping[str, str]) -> Asked:
    """Take apart the *document* of a request whose fields are in order.

    *own* are labels that the server itself gives to whoever asks; they win over the request's.

    Raises:
        ProblemError: labels that cannot be.
    """
    role = document.pop("model")
    user = document.pop("user", None)
    labels: dict[str, str] = {}
    betas: list[str] = []
    metadata = document.pop("metadata", None)
    if metadata:
        if len(metadata) > _MOST_LABELS:
            raise invalid(
                f"'metadata' may have {_MOST_LABELS} entries, not {len(metadata)}.", param="metadata", code="labels"
            )
        user = metadata.pop("user_id", None) or user
        labels.update(_from_metadata(metadata))
    for name, value in headers:
        if name.startswith(LABEL_PREFIX):
            labels[name[len(LABEL_PREFIX) :].decode("latin-1")] = _decoded(value)
        elif name == BETAS:
            betas += [each.strip() for each in value.decode("latin-1").split(",") if each.strip()]
    if labels:
        _check(labels)
    labels.update(own)
    return Asked(
        role=role,
        params=document,
        stream=bool(document.pop("stream", False)),
        user=user if isinstance(user, str) else None,
        labels=labels,
        call_id=call_id,
        betas=tuple(betas),
    )


def _from_metadata(metadata: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in metadata.items() if isinstance(value, str)}


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _check(labels: Mapping[str, str]) -> None:
    if len(labels) > _MOST_LABELS:
        raise invalid(f"a call may have {_MOST_LABELS} labels, not {len(labels)}.", param="metadata", code="labels")
    for name, value in labels.items():
        if not (0 < len(name) <= _LONGEST_NAME and name.isprintable()):
            raise invalid(
                f"a label is named by 1 to {_LONGEST_NAME} printable characters, not {name[:80]!r}.",
                param="metadata",
                code="labels",
            )
        if len(value) > _LONGEST_VALUE:
            raise invalid(
                f"label {name!r} has {len(value)} characters; {_LONGEST_VALUE} are the most.",
                param="metadata",
                code="labels",
            )
