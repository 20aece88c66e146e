"""`llmhub variants`: what the variants of a role cost, how well they did, and whether they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.render import dollars, print_json, print_table, print_text
from llmhub.cli.session import Session
from llmhub.cli.since import Since

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig, RoleConfig
    from llmhub.spend.arms import Arm
    from llmhub.spend.comparison import Comparison, Interval

INSTALL = "Intervals and verdicts need scipy: pip install 'llmhub[stats]'"


@click.command()
@click.argument("role")
@click.option("--since", type=Since(), help="So long ago (24h, 7d) or a day (2026-11-01); default: all that is kept.")
@click.option("--until", type=Since(), help="The end, in the same way.")
@click.option("--label", "labels", multiple=True, metavar="NAME=VALUE", help="Count only feedback with this label.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: role, control, sticky_by, variants, comparisons.")
@click.pass_obj
def command(
    session: Session,
    role: str,
    since: datetime | None,
    until: datetime | None,
    labels: Sequence[str],
    as_json: bool,
) -> None:
    """Compare the variants of a role by what their calls showed.

    Calls, errors, latency, cost and the score that `hub.feedback` was told; then each variant against the first, with
    95 % intervals. Decide when to look before you begin: looking daily and stopping at the first verdict finds
    differences where there are none.

    Example: llmhub variants llm.answers --since 14d
    """
    config = session.config()
    settings = _role(config, role)
    wanted = dict(_label(text) for text in labels)
    shown = _arms(session, config, role, since, until, wanted)
    found = _compared(shown)
    if as_json:
        print_json(_plain(role, settings, shown, found))
        return
    if not shown:
        print_text(f"No calls of {role} with a variant are recorded{' in that time' if since or until else ''}.")
        return
    _print(settings, shown, found)


def _role(config: HubConfig, name: str) -> RoleConfig:
    from llmhub.errors import UnknownRoleError

    if name not in config.roles:
        raise UnknownRoleError(name, list(config.roles))
    return config.roles[name]


def _label(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is no NAME=VALUE.", param_hint="--label")
    return name, value


def _arms(
    session: Session,
    config: HubConfig,
    role: str,
    since: datetime | None,
    until: datetime | None,
    labels: Mapping[str, str],
) -> Sequence[Arm]:
    from llmhub.cli.ledger import opened_ledger
    from llmhub.workspace.spending import arms_in, calls_of

    query = calls_of(session.workspace, config, since=since, until=until, role=role)
    with opened_ledger(session, config) as store:
        return arms_in(store, config, query, labels)


def _compared(arms: Sequence[Arm]) -> tuple[Comparison, ...] | None:
    """`None` where no statistics are installed."""
    from llmhub.spend.comparison import comparisons, statistics_installed

    if not statistics_installed():
        return None
    return comparisons(arms[0], arms[1:]) if arms else ()


# --- what is shown --------------------------------------------------------------------------------------------------


def _print(settings: RoleConfig, arms: Sequence[Arm], found: Sequence[Comparison] | None) -> None:
    from llmhub.cli.verdicts import told

    weights = {one.name: one.weight if one.enabled else 0.0 for one in settings.variants}
    whole, calls = sum(weights.values()), sum(arm.calls for arm in arms)
    unit = "users" if settings.sticky_by in (None, "user") else settings.sticky_by or ""
    print_table(
        ("variant", "weight", "calls", unit, "errors", "p50", "p95", "cost per call", "unpriced", "score"),
        [
            (
                arm.name,
                f"{weights[arm.name] / whole:.0%}" if whole and arm.name in weights else "gone",
                f"{arm.calls} ({arm.calls / calls:.0%})",
                arm.people,
                f"{arm.errors} ({arm.errors / arm.calls:.1%})",
                _seconds(arm.latency(0.5)),
                _seconds(arm.latency(0.95)),
                dollars(arm.cost_per_call),
                arm.unpriced,
                _score(arm, intervals=found is not None),
            )
            for arm in arms
        ],
        numeric=("weight", "calls", unit, "errors", "p50", "p95", "cost per call", "unpriced"),
        droppable=("unpriced", "weight", unit, "p50"),
    )
    if found is None:
        print_text(INSTALL, space_above=1)
        return
    for name in dict.fromkeys(one.variant for one in found):
        print_text(f"{name} against {arms[0].name}", space_above=1)
        for one in found:
            if one.variant == name:
                print_text(told(one), indent=2)


def _score(arm: Arm, *, intervals: bool) -> str | None:
    from statistics import fmean

    from llmhub.spend.comparison import interval

    scores = arm.units["score"]
    if not scores:
        return None
    found = interval(scores) if intervals else None
    around = f" ({found.low:.3g} to {found.high:.3g})" if found else ""
    return f"{fmean(scores):.3g}{around} of {arm.scored}"


def _seconds(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f} s"


def _plain(role: str, settings: RoleConfig, arms: Sequence[Arm], found: Sequence[Comparison] | None) -> dict[str, Any]:
    from statistics import fmean

    from attrs import asdict

    from llmhub.spend.comparison import interval

    return {
        "role": role,
        "control": arms[0].name if arms else None,
        "sticky_by": settings.sticky_by,
        "variants": [
            {
                "name": arm.name,
                "weight": next((one.weight for one in settings.variants if one.name == arm.name), None),
                "calls": arm.calls,
                "units": arm.people,
                "errors": arm.errors,
                "latency_p50": arm.latency(0.5),
                "latency_p95": arm.latency(0.95),
                "cost": format(arm.cost, "f"),
                "unpriced": arm.unpriced,
                "scored": arm.scored,
                "score": fmean(arm.units["score"]) if arm.units["score"] else None,
                "score_interval": _plain_interval(interval(arm.units["score"])) if found is not None else None,
            }
            for arm in arms
        ],
        "comparisons": None if found is None else [asdict(one) for one in found],
    }


def _plain_interval(found: Interval | None) -> list[float] | None:
    return None if found is None else [found.low, found.high]
