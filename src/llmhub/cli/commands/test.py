"""`llmhub test`: call roles for real."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.render import dollars, print_fields, print_heading, print_json, print_text
from llmhub.cli.session import Session
from llmhub.cli.trial import PROMPT, Trial, try_roles

if TYPE_CHECKING:
    from llmhub.records.calls import Attempt


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
    config = session.config()
    # The catalog for its prices only. A test must not fail, nor wait, for want of them.
    trials = list(try_roles(config, session.host, roles or config.roles, prompt, session.stored_catalog()))
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
            "attempts": [_plain_attempt(one) for one in trial.attempts],
        }
    return plain | {"error": trial.error, "attempts": [_plain_attempt(one) for one in trial.attempts]}


def _plain_attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "provider": attempt.provider,
        "model": attempt.model,
        "error": attempt.error_class,
        "message": attempt.message,
    }


def _show(trial: Trial) -> None:
    served = f"  {trial.provider}:{trial.model}" if trial.provider else ""
    print_heading(f"{trial.role}  {'ok' if trial.ok else 'FAILED'}{served}")
    if not trial.ok:
        print_text(trial.error, indent=2)
        return
    for attempt in trial.attempts[:-1]:
        print_text(f"after {attempt.provider}:{attempt.model}: {attempt.error_class}: {attempt.message}", indent=2)
    print_text(trial.answer, indent=2)
    print_fields(
        {
            "  seconds": trial.seconds,
            "  tokens": f"{trial.input_tokens} in, {trial.output_tokens or 0} out",
            "  cost": "unpriced" if trial.cost is None else dollars(trial.cost),
        }
    )
