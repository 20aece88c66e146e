"""`POST /v1/audio/speech`: the answer is the sound itself."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from llmhub import Hub
from llmhub_server.gateway import kinds
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import CHAT
from llmhub_server.gateway.fields import Fields
from llmhub_server.gateway.operation import Answer, Operation

FIELDS = Fields(
    required={"model": kinds.TEXT, "input": kinds.TEXT},
    optional={
        "instructions": kinds.TEXT,
        "metadata": kinds.OBJECT,
        "response_format": kinds.TEXT,
        "speed": kinds.NUMBER,
        "user": kinds.TEXT,
        "voice": kinds.TEXT,
    },
)
"""OpenAI's. `voice` may be left to the role."""

_SIGNS = (
    (0, b"RIFF", b"audio/wav"),
    (0, b"ID3", b"audio/mpeg"),
    (0, b"OggS", b"audio/ogg"),
    (0, b"fLaC", b"audio/flac"),
    (0, b"\xff\xf1", b"audio/aac"),
    (0, b"\xff\xf9", b"audio/aac"),
    (0, b"\xff\xfb", b"audio/mpeg"),
    (0, b"\xff\xf3", b"audio/mpeg"),
    (0, b"\xff\xf2", b"audio/mpeg"),
)


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    given.encoding = given.params.get("response_format")
    return hub.aspeech(given.role, given.params.pop("input"), **given.options())


def _answer(given: Asked, sound: bytes) -> Answer:
    return Answer(sound, _type_of(sound, given.encoding))


def _type_of(sound: bytes, asked_for: str | None) -> bytes:
    """What the sound says of itself: providers need not mind the format that was asked for, and none tells."""
    for offset, sign, name in _SIGNS:
        if sound.startswith(sign, offset):
            return name
    return b"audio/pcm" if asked_for == "pcm" else b"application/octet-stream"


OPERATION = Operation(
    path="/v1/audio/speech", method="speech", dialect=CHAT, fields=FIELDS, begin=_begin, answer=_answer
)
