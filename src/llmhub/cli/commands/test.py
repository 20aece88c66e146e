"""`llmhub test`: call roles for real."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.latencies import Latencies, Percentiles, latencies
from llmhub.cli.render import dollars, print_fields, print_heading, print_json, print_text
from llmhub.cli.session import Session
from llmhub.cli.trial import PROMPT, Bench, Trial, opened_bench

if TYPE_CHECKING:
    from llmhub.records.calls import Attempt
    from llmhub.records.config import HubConfig

MOST = 200
"""So many calls of a role at once are a test; more would be load, and a bill."""


@click.command()
@click.option("--role", "roles", multiple=True, help="The role to call; may be given several times. Default: all.")
@click.option("--all", "every", is_flag=True, help="Call all roles, as without --role.")
@click.option("--prompt", default=PROMPT, show_default=True, help="What to send.")
@click.option("--stream", "streamed", is_flag=True, help="Show answers while they come, and when they began.")
@click.option(
    "--repeat",
    type=click.IntRange(1, MOST),
    metavar="N",
    help=f"Call each role N times (up to {MOST}), one after the other: latency, errors, cost.",
)
@click.option(
    "--env-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read keys from this file before .env. What the environment holds already stays.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object per role.")
@click.pass_obj
def command(
    session: Session,
    roles: tuple[str, ...],
    every: bool,
    prompt: str,
    streamed: bool,
    repeat: int | None,
    env_file: Path | None,
    as_json: bool,
) -> None:
    """Call roles for real; show answer, time, tokens and cost.

    Spends a few tokens per role, and with --repeat so many times that. Repeated calls are streamed, where the role can
    be, for the time to the first token, and no answer kept from earlier serves. Ends with 3 when a provider failed.

    Example: llmhub test --role llm.inference --prompt "What is 2 + 2?"
    """
    if every and roles:
        raise click.UsageError("--all calls every role: give it, or --role, not both.")
    if env_file is not None:
        from llmhub.config.env_file import load_named_env_file

        load_named_env_file(env_file, os.environ)
    config = session.config()
    chosen = roles or tuple(config.roles)
    # The catalog for its prices only. A test must not fail, nor wait, for want of them.
    catalog = session.stored_catalog()
    with opened_bench(config if repeat is None else _without_caches(config), session.host, catalog) as bench:
        if repeat is not None:
            worst = _measure((_repeated(session, bench, role, prompt, repeat) for role in chosen), as_json=as_json)
        elif streamed and not as_json:
            worst = max((_show_streamed(bench, role, prompt) for role in chosen), default=0)
        elif streamed:
            worst = _tell((bench.stream(role, prompt, _unheard) for role in chosen), as_json=True)
        else:
            worst = _tell((bench.call(role, prompt) for role in chosen), as_json=as_json)
    session.report_failures()
    if worst:
        raise click.exceptions.Exit(worst)


def _without_caches(config: HubConfig) -> HubConfig:
    """An answer that was kept is no measure of a provider."""
    from attrs import evolve

    roles = {name: evolve(role, cache=None) for name, role in config.roles.items()}
    return evolve(config, roles=roles, defaults=config.defaults and evolve(config.defaults, cache=None))


def _unheard(piece: str) -> None:
    """For a streamed answer that is not shown while it comes."""


def _tell(trials: Iterable[Trial], *, as_json: bool) -> int:
    """Print each trial, as it is done or as JSON at the end; the exit code of the worst."""
    worst, plain = 0, []
    for trial in trials:
        worst = max(worst, trial.exit_code)
        if as_json:
            plain.append(_plain(trial))
        else:
            _show(trial)
    if as_json:
        print_json(plain)
    return worst


def _measure(measured: Iterable[Latencies], *, as_json: bool) -> int:
    worst, plain = 0, []
    for figures in measured:
        worst = max(worst, figures.exit_code)
        if as_json:
            plain.append(_plain_latencies(figures))
        else:
            _show_latencies(figures)
    if as_json:
        print_json(plain)
    return worst


def _repeated(session: Session, bench: Bench, role: str, prompt: str, times: int) -> Latencies:
    """The figures of so many calls; of one, where something is the user's to mend, which no repetition changes."""
    trials: list[Trial] = []
    for number in range(1, times + 1):
        trials.append(bench.stream(role, prompt, _unheard))
        if trials[-1].exit_code == 1:
            break
        if number % 10 == 0 and number < times:
            session.show_progress(f"{role}: {number} of {times} calls")
    return latencies(trials)


def _show_streamed(bench: Bench, role: str, prompt: str) -> int:
    """Call a role and show its answer while it comes; the exit code."""
    print_heading(role)
    heard: list[str] = []

    def show(piece: str) -> None:
        heard.append(piece)
        sys.stdout.write(piece)
        sys.stdout.flush()

    trial = bench.stream(role, prompt, show)
    if heard:
        sys.stdout.write("\n")
    elif trial.ok:
        print_text(trial.answer)
    if trial.ok:
        _show_path(trial)
        print_fields({"  answered by": f"{trial.provider}:{trial.model}", **_figures(trial)})
    else:
        print_text(f"FAILED: {trial.error}", indent=2)
    return trial.exit_code


def _plain(trial: Trial) -> dict[str, Any]:
    plain: dict[str, Any] = {"role": trial.role, "ok": trial.ok}
    if trial.provider is not None:
        plain |= {"provider": trial.provider, "model": trial.model, "mode": trial.mode}
    if not trial.ok:
        return plain | {"error": trial.error, "attempts": [_plain_attempt(one) for one in trial.attempts]}
    return plain | {
        "seconds": trial.seconds,
        "seconds_to_first_token": trial.seconds_to_first,
        "answer": trial.answer,
        "input_tokens": trial.input_tokens,
        "output_tokens": trial.output_tokens,
        "cost_dollars": trial.cost,
        "attempts": [_plain_attempt(one) for one in trial.attempts],
    }


def _plain_attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "provider": attempt.provider,
        "model": attempt.model,
        "error": attempt.error_class,
        "message": attempt.message,
    }


def _plain_latencies(figures: Latencies) -> dict[str, Any]:
    return {
        "role": figures.role,
        "calls": figures.calls,
        "answered": figures.answered,
        "seconds": _plain_percentiles(figures.seconds),
        "seconds_to_first_token": _plain_percentiles(figures.seconds_to_first),
        "served": figures.served,
        "errors": figures.errors,
        "input_tokens": figures.input_tokens,
        "output_tokens": figures.output_tokens,
        "cost_dollars": None if figures.cost is None else format(figures.cost, "f"),
        "unpriced_calls": figures.unpriced,
        "last_error": figures.last_error or None,
    }


def _plain_percentiles(seconds: Percentiles | None) -> dict[str, float] | None:
    return None if seconds is None else {"p50": seconds.p50, "p95": seconds.p95}


def _show(trial: Trial) -> None:
    served = f"  {trial.provider}:{trial.model}" if trial.provider else ""
    print_heading(f"{trial.role}  {'ok' if trial.ok else 'FAILED'}{served}")
    if not trial.ok:
        print_text(trial.error, indent=2)
        return
    _show_path(trial)
    print_text(trial.answer, indent=2)
    print_fields(_figures(trial))


def _show_path(trial: Trial) -> None:
    for attempt in trial.attempts[:-1]:
        print_text(f"after {attempt.provider}:{attempt.model}: {attempt.error_class}: {attempt.message}", indent=2)


def _figures(trial: Trial) -> dict[str, object]:
    first = {} if trial.seconds_to_first is None else {"  first token": f"{trial.seconds_to_first} s"}
    return {
        "  seconds": trial.seconds,
        **first,
        "  tokens": _tokens(trial.input_tokens, trial.output_tokens),
        "  cost": "unpriced" if trial.cost is None else dollars(trial.cost),
    }


def _tokens(read: int | None, written: int | None) -> str:
    if read is None and written is None:
        return "not told"
    return f"{'-' if read is None else f'{read:,}'} in, {written or 0:,} out"


def _show_latencies(figures: Latencies) -> None:
    print_heading(f"{figures.role}  {figures.answered} of {figures.calls} calls answered")
    fields: dict[str, object] = {}
    if figures.seconds:
        fields["  seconds"] = _shown(figures.seconds)
    if figures.seconds_to_first:
        fields["  first token"] = _shown(figures.seconds_to_first)
    if figures.served:
        fields["  answered by"] = _counted(figures.served)
    if figures.errors:
        fields["  errors"] = _counted(figures.errors)
    fields["  tokens"] = _tokens(figures.input_tokens, figures.output_tokens)
    fields["  cost"] = _cost(figures)
    print_fields(fields)
    if figures.last_error:
        print_text(f"last: {figures.last_error}", indent=2)


def _cost(figures: Latencies) -> str:
    if figures.cost is None:
        return "unpriced"
    return dollars(figures.cost) + (f", and {figures.unpriced} calls unpriced" if figures.unpriced else "")


def _shown(seconds: Percentiles) -> str:
    return f"p50 {seconds.p50:.3f}, p95 {seconds.p95:.3f}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}×" for name, count in counts.items())
