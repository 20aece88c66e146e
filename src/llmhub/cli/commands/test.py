"""`llmhub test`: call roles for real."""

from __future__ import annotations

from typing import Any

import click

from llmhub.cli.render import dollars, print_fields, print_heading, print_json, print_text
from llmhub.cli.session import Session
from llmhub.cli.trial import PROMPT, Trial, try_role


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
        trials = [try_role(hub, role, prompt, catalog) for role in asked]
    session.report_failures()
    if as_json:
        print_json([_plain(trial) for trial in trials])
    else:
        for trial in trials:
            _show(trial)
    worst = max((trial.exit_code for trial in trials), default=0)
    if worst:
        raise click.exceptions.Exit(worst)


def _plain(trial: Trial) -> dict[str, Any]:
    plain: dict[str, Any] = {"role": trial.role, "ok": trial.ok}
    if trial.provider is not None:
        plain |= {"provider": trial.provider, "model": trial.model, "mode": trial.mode}
    if trial.ok:
        return plain | {
            "seconds": trial.seconds,
            "answer": trial.answer,
            "input_tokens": trial.input_tokens,
            "output_tokens": trial.output_tokens,
            "cost_dollars": trial.cost,
        }
    attempts = [
        {"provider": one.provider, "model": one.model, "error": one.error_class, "message": one.message}
        for one in trial.attempts
    ]
    return plain | {"error": trial.error, "attempts": attempts}


def _show(trial: Trial) -> None:
    served = f"  {trial.provider}:{trial.model}" if trial.provider else ""
    print_heading(f"{trial.role}  {'ok' if trial.ok else 'FAILED'}{served}")
    if not trial.ok:
        print_text(trial.error, indent=2)
        return
    print_text(trial.answer, indent=2)
    print_fields(
        {
            "  seconds": trial.seconds,
            "  tokens": f"{trial.input_tokens} in, {trial.output_tokens or 0} out",
            "  cost": "unpriced" if trial.cost is None else dollars(trial.cost),
        }
    )
