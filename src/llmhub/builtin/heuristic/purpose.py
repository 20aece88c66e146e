"""What a model is made for, told by its name: sources list embeddings and moderators as models that put out text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from llmhub.records.model import CanonicalModel

Purpose = Literal[
    "chat", "special chat", "code", "seeing", "hearing", "embedding", "image", "video", "speech", "transcription",
    "rerank", "moderation", "live session", "other endpoint", "router",
]  # fmt: skip
"""`special chat` answers chat completions, but is made for one thing (search, translation, ...). So do `code`, `seeing`
and `hearing`, which also serve roles that weigh coding or need vision or audio. `other endpoint` does not answer chat
completions at all. `router` passes each call on to whatever model it likes."""

CHAT_MODES = frozenset({"chat", "tool", "other"})
"""Modes that a chat completion answers."""


def purpose_of(model: CanonicalModel) -> Purpose:
    """The first rule that matches the model's id decides; without any, what it puts out."""
    name = model.model_id.lower()
    for purpose, pattern in _BY_NAME:
        if pattern.search(name):
            return purpose
    if model.provider in _OPENAI_HOSTS and _OPENAI_RESPONSES_ONLY.search(name):
        return "other endpoint"
    if (model.family or "").lower().startswith("text-embedding") or "embedding" in model.tags:
        return "embedding"
    outputs = model.output_modalities
    if not outputs or "text" in outputs:
        return "chat"
    return next((_BY_OUTPUT[output] for output in outputs if output in _BY_OUTPUT), "other endpoint")


def wrong_kind(purpose: Purpose, mode: str, *, listening: bool) -> str | None:
    """Why a model of this *purpose* cannot serve *mode*, or `None` when it can.

    An `audio` role wants a model that speaks or, when it must be *listening*, one that transcribes.
    """
    if mode == "audio" and purpose == "transcription" and listening:
        return None
    wanted = _SERVES.get(mode, "chat")
    if purpose == wanted or (wanted == "chat" and purpose in SPECIAL):
        return None
    return f"wrong kind: {_SPOKEN.get(purpose, f'made for {purpose}')}"


SPECIAL: Mapping[Purpose, str] = {
    "special chat": "made for one task other than chat",
    "code": "made for code",
    "seeing": "made for images as input",
    "hearing": "made for audio as input",
}
"""Purposes of models that answer chat completions and are not for everything, in words."""

WRITES = frozenset({"chat", "other endpoint", *SPECIAL})
"""Purposes of models that answer in text and are rated for it."""

_SERVES: Mapping[str, Purpose] = {"embedding": "embedding", "image": "image", "audio": "speech"}

_SPOKEN: Mapping[Purpose, str] = {
    "chat": "a chat model",
    **SPECIAL,
    "other endpoint": "not served through chat completions",
    "router": "a router that passes calls on to models of its own choice",
}


def _word(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])")


_BY_NAME: tuple[tuple[Purpose, re.Pattern[str]], ...] = (
    ("rerank", re.compile(r"rerank")),
    ("embedding", re.compile(r"embed|(?:^|[/-])(?:bge|gte|e5|minilm)-|(?:^|/)voyage-")),
    ("moderation", re.compile(r"moderation|safeguard|content-safety|(?<![a-z])(?:llama|shield)?-?guard(?![a-z])")),
    ("live session", _word("realtime", "live", "livetranslate")),
    ("transcription", re.compile(r"whisper|transcri|(?<![a-z])asr(?![a-z])")),
    ("speech", _word("tts", "audio", "orpheus", "lyria")),
    ("image", _word("images?", "imagen", "imagine-image", "dall-e", "flux", "banana")),
    ("video", _word("video", "veo", "sora", "kling")),
    ("router", re.compile(r"^openrouter/|(?<![a-z])router(?![a-z])")),
    ("other endpoint", _word("codex", "computer-use", "multi-agent", "babbage", "davinci", "deep-research")),
    ("other endpoint", re.compile(r"gpt-3\.5-turbo-instruct")),
    (
        "special chat",
        _word(
            *("search", "translate", "mt", "ocr", "prover", "robotics", "research", "customtools", "edit", "apply"),
            *("sonar", "compound", "character", "intent", "math", "her", "ui-tars"),
            *("arabic", "japanese", "korean", "saba"),  # made for one language or region
        ),
    ),
    ("hearing", _word("voxtral")),
    ("seeing", re.compile(r"(?<![a-z])(?:vision|vl|pixtral|qvq|glm-\d[\d.]*v)(?![a-z])")),
    ("code", _word("code", "coder", "codestral", "devstral", "build")),
)

_BY_OUTPUT: Mapping[str, Purpose] = {"image": "image", "video": "video", "audio": "speech"}

_OPENAI_HOSTS = frozenset({"openai", "azure", "azureopenai"})
# o1-pro, gpt-5-pro and their like answer at OpenAI's Responses endpoint only.
_OPENAI_RESPONSES_ONLY = re.compile(r"^(?:o\d|gpt-\d[\d.]*)-pro(?:-|$)")
