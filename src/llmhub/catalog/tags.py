"""Short words for what a model can do, derived from its fused facts. Pure."""

from __future__ import annotations

import re

from llmhub.records.model import CanonicalModel


def tags(model: CanonicalModel) -> tuple[str, ...]:
    """The tags of *model*, sorted. A tag is there when the fact is known to hold; its absence says nothing."""
    inputs, outputs = set(model.input_modalities), set(model.output_modalities)
    stated = {
        "reasoning": model.supports_reasoning,
        "tools": model.supports_tool_call,
        "structured-output": model.supports_structured_output,
        "open-weights": model.open_weights,
        "vision": "image" in inputs,
        "pdf-input": "pdf" in inputs,
        "audio-input": "audio" in inputs,
        "video-input": "video" in inputs,
        "image-gen": "image" in outputs,
        "audio-output": "audio" in outputs,
        "video-gen": "video" in outputs,
    }
    purpose = _purpose(model)
    return tuple(sorted([*(tag for tag, holds in stated.items() if holds), *([purpose] if purpose else [])]))


_PURPOSES = (
    # Sources list these with text as their output, so only the name tells. The first that matches decides.
    ("rerank", re.compile(r"rerank")),
    ("embedding", re.compile(r"embed|(^|[/-])(bge|gte|e5)-|(^|/)voyage-")),
    ("moderation", re.compile(r"moderation|(^|[/.-])(llama-?)?guard(-|$)|safeguard")),
    ("transcription", re.compile(r"whisper|transcri|(^|[-/])asr(-|$)")),
    ("speech", re.compile(r"(^|[-/])tts(-|$)|text-to-speech")),
)


def _purpose(model: CanonicalModel) -> str | None:
    names = (model.model_id.lower(), (model.family or "").lower())
    return next((tag for tag, pattern in _PURPOSES if any(map(pattern.search, names))), None)
