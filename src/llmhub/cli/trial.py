"""One role called for real: what came of it, as a value. Both `llmhub test` and `llmhub doctor` use it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from llmhub.errors import CallError, HubError

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.catalog import Catalog
    from llmhub.records.calls import Attempt

PROMPT = "Say hello in one short sentence."
TRIED_MODES = ("chat", "tool", "other", "embedding")


@frozen(kw_only=True)
class Trial:
    """What came of calling one role. `cost` is in US dollars as decimal text, `None` when unpriced.

    Without an answer `error` says why, `attempts` tell the story, and `exit_code` is what the command should end with.
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


def try_role(hub: Hub, role: str, prompt: str, catalog: Catalog | None) -> Trial:
    """Call *role* once with *prompt*. Never raises for what a provider or a file does wrong.

    *catalog* is for its prices only: without one the call is unpriced.
    """
    trial = Trial(role=role)
    try:
        resolved = hub.resolve(role)
        target = resolved.primary
        trial = evolve(trial, provider=target.provider, model=target.model, mode=resolved.mode)
        if resolved.mode not in TRIED_MODES:
            return evolve(trial, error=f"mode {resolved.mode!r} cannot be tried yet", exit_code=1)
        began = time.monotonic()
        answer, text = _ask(hub, role, resolved.mode, prompt)
        seconds = round(time.monotonic() - began, 3)
    except HubError as error:
        attempts = tuple(error.attempts) if isinstance(error, CallError) else ()
        return evolve(trial, error=f"{type(error).__name__}: {error}", attempts=attempts, exit_code=error.exit_code)
    return evolve(trial, ok=True, seconds=seconds, answer=text, **_spent(answer, trial, catalog))


def _ask(hub: Hub, role: str, mode: str, prompt: str) -> tuple[Any, str]:
    if mode == "embedding":
        vectors = hub.embedding(role, prompt)
        return vectors, f"a vector of {len(vectors.data[0].embedding)} numbers"
    answer = hub.completion(role, [{"role": "user", "content": prompt}])
    return answer, answer.choices[0].message.content or ""


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
