"""Roles called for real: what came of each, as a value. Both `llmhub test` and `llmhub doctor` use it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from llmhub.errors import CallError, HubError

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.catalog import Catalog
    from llmhub.host import PluginHost
    from llmhub.records.calls import Attempt, CallResult
    from llmhub.records.config import HubConfig

PROMPT = "Say hello in one short sentence."


@frozen(kw_only=True)
class Trial:
    """What came of calling one role. `cost` is in US dollars as decimal text, `None` when unpriced.

    `provider` and `model` are those that answered; those that would have, where none did. `attempts` are all that were
    made. Without an answer `error` says why, and `exit_code` is what the command should end with.
    """

    role: str
    ok: bool = False
    provider: str | None = None
    model: str | None = None
    mode: str | None = None
    seconds: float = 0.0
    answer: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: str | None = None
    error: str = ""
    attempts: tuple[Attempt, ...] = ()
    exit_code: int = 0


def try_roles(
    config: HubConfig, host: PluginHost, roles: Iterable[str], prompt: str, catalog: Catalog | None
) -> Iterator[Trial]:
    """Call each of *roles* once with *prompt*. Nothing is raised for what a provider or a file does wrong.

    *catalog* is for its prices only: without one the calls are unpriced.
    """
    from llmhub import Hub

    heard: list[CallResult] = []
    with Hub(config=config, plugins=host, on_after_call=heard.append) as hub:
        for role in roles:
            heard.clear()
            yield _try(hub, heard, role, prompt, catalog)


def _try(hub: Hub, heard: list[CallResult], role: str, prompt: str, catalog: Catalog | None) -> Trial:
    trial = Trial(role=role)
    try:
        resolved = hub.resolve(role)
        target = resolved.primary
        trial = evolve(trial, provider=target.provider, model=target.model, mode=resolved.mode)
        began = time.monotonic()
        answer, text = _ask(hub, role, resolved.mode, prompt)
        seconds = round(time.monotonic() - began, 3)
    except HubError as error:
        attempts = tuple(error.attempts) if isinstance(error, CallError) else ()
        return evolve(trial, error=f"{type(error).__name__}: {error}", attempts=attempts, exit_code=error.exit_code)
    if heard:
        (result,) = heard
        trial = evolve(trial, provider=result.provider, model=result.model, attempts=tuple(result.attempts))
    return evolve(trial, ok=True, seconds=seconds, answer=text, **_spent(answer, trial, catalog))


def _ask(hub: Hub, role: str, mode: str, prompt: str) -> tuple[Any, str]:
    """The answer of the one method that serves *mode*, and what to show of it."""
    if mode == "audio":
        # A role that speaks must say in which voice.
        mode = "speech" if "voice" in hub.resolve(role).primary.params else "transcription"
    return _ASKING.get(mode, _chat)(hub, role, prompt)


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


def _spent(answer: Any, trial: Trial, catalog: Catalog | None) -> dict[str, Any]:
    from llmhub.anyllm.answers import usage_of
    from llmhub.spend.price import price_of

    usage = usage_of(answer)
    model = catalog.models.get(f"{trial.provider}:{trial.model}") if catalog else None
    cost = price_of(usage, model.price if model and model.price_state == "known" else None)
    return {
        "input_tokens": usage.input_tokens if usage else None,
        "output_tokens": usage.output_tokens if usage else None,
        "cost": None if cost is None else str(cost),
    }
