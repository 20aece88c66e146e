"""`llmhub test`: call roles for real."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.render import dollars, print_fields, print_heading, print_json, print_text
from llmhub.cli.session import Session
from llmhub.errors import CallError, HubError

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.catalog import Catalog

PROMPT = "Say hello in one short sentence."
TRIED_MODES = ("chat", "tool", "other", "embedding")


@click.command()
@click.option("--role", "roles", multiple=True, help="The role to call; may be given several times. Default: all.")
@click.option("--prompt", default=PROMPT, show_default=True, help="What to send.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object per role.")
@click.pass_obj
def command(session: Session, roles: tuple[str, ...], prompt: str, as_json: bool) -> None:
    """Call roles for real; show answer, time, tokens and cost.

    Spends a few tokens per role. Ends with 3 when a provider failed.

    Example: llmhub test --role llm.inference --prompt "What is 2 + 2?"
    """
    from llmhub import Hub

    with Hub(config=session.config(), plugins=session.host) as hub:
        asked = roles or tuple(hub.config.roles)
        # For its prices only. A test must not fail, nor wait, for want of them.
        catalog = session.stored_catalog()
        outcomes = [_try(hub, role, prompt, catalog) for role in asked]
    session.report_failures()
    if as_json:
        print_json([{name: value for name, value in outcome.items() if name != "exit_code"} for outcome in outcomes])
    else:
        for outcome in outcomes:
            _show(outcome)
    worst = max((outcome["exit_code"] for outcome in outcomes), default=0)
    if worst:
        raise click.exceptions.Exit(worst)


def _try(hub: Hub, role: str, prompt: str, catalog: Catalog | None) -> dict[str, Any]:
    outcome: dict[str, Any] = {"role": role, "ok": False, "exit_code": 1}
    try:
        resolved = hub.resolve(role)
        outcome |= {"provider": resolved.primary.provider, "model": resolved.primary.model, "mode": resolved.mode}
        if resolved.mode not in TRIED_MODES:
            return outcome | {"error": f"mode {resolved.mode!r} cannot be tried yet"}
        began = time.monotonic()
        answer, text = _ask(hub, role, resolved.mode, prompt)
        outcome["seconds"] = round(time.monotonic() - began, 3)
    except HubError as error:
        attempts = [
            {
                "provider": attempt.provider,
                "model": attempt.model,
                "error": attempt.error_class,
                "message": attempt.message,
            }
            for attempt in (error.attempts if isinstance(error, CallError) else ())
        ]
        return outcome | {
            "error": f"{type(error).__name__}: {error}",
            "attempts": attempts,
            "exit_code": error.exit_code,
        }
    return outcome | {"ok": True, "exit_code": 0, "answer": text, **_spent(answer, outcome, catalog)}


def _ask(hub: Hub, role: str, mode: str, prompt: str) -> tuple[Any, str]:
    if mode == "embedding":
        vectors = hub.embedding(role, prompt)
        return vectors, f"a vector of {len(vectors.data[0].embedding)} numbers"
    answer = hub.completion(role, [{"role": "user", "content": prompt}])
    return answer, answer.choices[0].message.content or ""


def _spent(answer: Any, outcome: dict[str, Any], catalog: Catalog | None) -> dict[str, Any]:
    from llmhub.anyllm.operations import usage_of
    from llmhub.spend.price import price_of

    usage = usage_of(answer)
    model = catalog.models.get(f"{outcome['provider']}:{outcome['model']}") if catalog else None
    cost = price_of(usage, model.price if model and model.price_state == "known" else None)
    return {
        "input_tokens": usage.input_tokens if usage else None,
        "output_tokens": usage.output_tokens if usage else None,
        "cost_dollars": None if cost is None else str(cost),
    }


def _show(outcome: dict[str, Any]) -> None:
    mark = "ok" if outcome["ok"] else "FAILED"
    served = f"  {outcome['provider']}:{outcome['model']}" if "provider" in outcome else ""
    print_heading(f"{outcome['role']}  {mark}{served}")
    if not outcome["ok"]:
        print_text(outcome["error"], indent=2)
        return
    print_text(outcome["answer"], indent=2)
    print_fields(
        {
            "  seconds": outcome["seconds"],
            "  tokens": f"{outcome['input_tokens']} in, {outcome['output_tokens'] or 0} out",
            "  cost": "unpriced" if outcome["cost_dollars"] is None else dollars(outcome["cost_dollars"]),
        }
    )
