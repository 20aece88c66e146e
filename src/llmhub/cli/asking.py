"""Asking a role for something small, by the one method that serves its mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub import Hub

STREAMED = frozenset({"chat", "tool", "other"})
"""Modes whose answers can come piece by piece."""


def ask(hub: Hub, role: str, mode: str, prompt: str) -> tuple[Any, str]:
    """The answer of the one method that serves *mode*, and what to show of it."""
    if mode == "audio":
        # A role that speaks must say in which voice.
        mode = "speech" if "voice" in hub.resolve(role).primary.params else "transcription"
    return _ASKING.get(mode, _chat)(hub, role, prompt)


def pieces(hub: Hub, role: str, prompt: str) -> Iterator[str]:
    """The text of a streamed answer, as it comes. Meant for the modes in `STREAMED`."""
    # Providers with OpenAI's dialect tell what a stream used only when they are asked to.
    told = {"stream_options": {"include_usage": True}}
    for chunk in hub.completion(role, [{"role": "user", "content": prompt}], stream=True, **told):
        text = chunk.choices[0].delta.content if chunk.choices else None
        if text:
            yield text


def _chat(hub: Hub, role: str, prompt: str) -> tuple[Any, str]:
    answer = hub.completion(role, [{"role": "user", "content": prompt}])
    return answer, answer.choices[0].message.content or ""


def _embedding(hub: Hub, role: str, prompt: str) -> tuple[Any, str]:
    answer = hub.embedding(role, prompt)
    return answer, f"a vector of {len(answer.data[0].embedding)} numbers"


def _image(hub: Hub, role: str, prompt: str) -> tuple[Any, str]:
    answer = hub.image(role, prompt)
    return answer, _count(len(answer.data or ()), "picture")


def _speech(hub: Hub, role: str, prompt: str) -> tuple[Any, str]:
    answer = hub.speech(role, prompt)
    return answer, f"{len(answer):,} bytes of sound"


def _transcription(hub: Hub, role: str, prompt: str) -> tuple[Any, str]:
    answer = hub.transcription(role, _a_second_of_silence(), filename="silence.wav")
    return answer, f"a second of silence is heard as: {answer.text!r}"


def _rerank(hub: Hub, role: str, prompt: str) -> tuple[Any, str]:
    answer = hub.rerank(role, prompt, ["Hello to you.", "The boiling point of water."])
    return answer, f"{_count(len(answer.results), 'document')} put in order"


def _moderation(hub: Hub, role: str, prompt: str) -> tuple[Any, str]:
    answer = hub.moderation(role, prompt)
    return answer, "flagged" if any(result.flagged for result in answer.results) else "not flagged"


_ASKING: Mapping[str, Callable[[Hub, str, str], tuple[Any, str]]] = {
    "embedding": _embedding,
    "image": _image,
    "speech": _speech,
    "transcription": _transcription,
    "rerank": _rerank,
    "moderation": _moderation,
}


def _a_second_of_silence() -> bytes:
    """A WAV file: what every service that listens can read."""
    import io
    import wave

    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000))
    return sound.getvalue()


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
