"""`llmhub upgrade`: what is better or cheaper now, role by role, and what became of the models in use."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.render import dollars, print_heading, print_json, print_text
from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.cli.traffic import Seen
    from llmhub.generate.present import PresentFile
    from llmhub.generate.upgrade import Event, Upgrade
    from llmhub.records.measurements import Latency
    from llmhub.records.model import CanonicalModel
    from llmhub.workspace import Proposal


@click.command()
@click.argument("role", required=False)
@click.option("--apply", "apply_", is_flag=True, help="Rewrite the roles that would change, and no other.")
@click.option("--yes", "-y", is_flag=True, help="With --apply: write without asking.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print JSON: file, catalog, prices_compared, roles, latency, applied, written.",
)
@click.pass_obj
def command(session: Session, role: str | None, apply_: bool, yes: bool, as_json: bool) -> None:
    """Say what is better or cheaper now, role by role.

    By the spec and the stored catalog; costs are at the role's own mix of tokens. Also says which models in use were
    deprecated, have vanished, or changed their price since llmhub.yaml was generated. Nothing is written without
    --apply, which shows the diff and asks.

    Example: llmhub upgrade llm.inference --apply
    """
    from llmhub.cli.assistance import kept_answers
    from llmhub.cli.choosing import propose
    from llmhub.cli.traffic import seen_of_late
    from llmhub.errors import ConfigNotFoundError
    from llmhub.generate.measured import slower_or_faster

    proposal = propose(session, kept_answers(session))
    if proposal.present is None:
        where = str(proposal.path.parent)
        raise ConfigNotFoundError(proposal.path.name, where, "`llmhub generate` makes it; then it can be upgraded.")
    seen = seen_of_late(session, proposal.path)
    found, compared = _upgrades(session, proposal, proposal.present, seen, role)
    drifted = slower_or_faster(proposal.measurements, seen.measurements) if seen.measurements else {}
    roles = [one.role for one in found if _is_due(one)]
    if apply_ and as_json and not yes:
        raise click.UsageError("--apply with --json cannot ask: add --yes.")
    if as_json:
        written = apply_ and _apply(proposal, proposal.present, roles, session, ask=False, show=False)
        print_json(_plain(proposal, found, drifted, roles if apply_ else [], compared=compared, written=written))
        return
    for one in found:
        _print(one)
    _print_latency(drifted)
    _summarise(found, roles, proposal, compared=compared, applying=apply_)
    if apply_ and roles:
        _apply(proposal, proposal.present, roles, session, ask=not yes, show=not session.quiet)


def _upgrades(
    session: Session, proposal: Proposal, present: PresentFile, seen: Seen, role: str | None
) -> tuple[list[Upgrade], bool]:
    """The roles asked about, and whether former prices were at hand."""
    from llmhub.errors import UnknownRoleError
    from llmhub.generate.upgrade import upgrades

    former = _former(session, proposal.catalog, str(present.stamps.get("catalog")))
    found = upgrades(
        present,
        proposal.spec,
        proposal.generation.selections,
        proposal.catalog.models,
        former=former,
        sources=proposal.catalog.sources,
        traffic=seen.traffic,
    )
    if role is not None and role not in [one.role for one in found]:
        raise UnknownRoleError(role, [one.role for one in found])
    return [one for one in found if role in (None, one.role)], former is not None


def _former(session: Session, catalog: Catalog, fingerprint: str) -> Mapping[str, CanonicalModel] | None:
    """The models of the catalog that the file was made from, where it is still kept."""
    from llmhub.catalog.generations import generations
    from llmhub.catalog.store import read_catalog
    from llmhub.errors import CatalogError

    if catalog.fingerprint == fingerprint:
        return catalog.models
    for generation in generations(session.workspace.catalog_environ):
        try:
            earlier = read_catalog(generation.path)
        except CatalogError:
            continue
        if earlier is not None and earlier.fingerprint == fingerprint:
            return earlier.models
    return None


def _is_due(one: Upgrade) -> bool:
    """Whether --apply rewrites the role: another model is offered, or one that it names is not to be used any more."""
    return not one.pinned and (one.offered is not None or any(_is_grave(event) for event in one.events))


def _is_grave(event: Event) -> bool:
    return event.kind in ("deprecated", "vanished")


# --- what is shown --------------------------------------------------------------------------------------------------


def _print(one: Upgrade) -> None:
    from llmhub.cli.role_changes import effect_lines

    if one.offered is None:
        state = "pinned" if one.pinned else "still the choice"
        print_heading(f"{one.role}: {one.present}, {state}")
    else:
        print_heading(f"{one.role}: {one.present} -> {one.offered}")
        print_text(_cost(one), indent=2)
        if told := _bill(one):
            print_text(told, indent=2)
        for line in effect_lines(one.effect) if one.effect else ():
            print_text(line, indent=2)
        if any(one.quality):
            print_text(f"quality: {' -> '.join(note or 'not judged' for note in one.quality)}", indent=2)
        print_text(_fit(one), indent=2)
        if not any(one.quality):
            print_text(f"why: {one.reason}", indent=2)
    for event in one.events:
        print_text(_told(event), indent=2)


def _cost(one: Upgrade) -> str:
    effect, mix = one.effect, one.mix
    assert effect is not None
    prices = [
        "unknown" if side is None or side.blended is None else dollars(side.blended)
        for side in (effect.before, effect.after)
    ]
    of_role = f"{mix.input_per_output:g} tokens in to 1 out ({mix.source})"
    return f"cost: {prices[0]} -> {prices[1]} per million tokens, at {of_role}"


def _bill(one: Upgrade) -> str:
    """What the calls of late cost at the prices of the one model and of the other."""
    traffic, effect = one.traffic, one.effect
    if traffic is None or effect is None or effect.before is None or effect.after is None:
        return ""
    costs = [traffic.cost(side) for side in (effect.before, effect.after)]
    told = ["unknown" if cost is None else dollars(_rounded(cost)) for cost in costs]
    tokens = f"{traffic.input_tokens:,} tokens in and {traffic.output_tokens:,} out"
    return f"bill: {told[0]} -> {told[1]} for the last {traffic.days} days ({traffic.calls:,} calls, {tokens})"


def _rounded(cost: float) -> float:
    """To cents; what is less than one to two digits, since it is not nothing."""
    return round(cost, 2) if cost >= 0.01 else float(f"{cost:.2g}")


def _fit(one: Upgrade) -> str:
    before, after = ("could not be chosen" if fit is None else f"{fit:.3f}" for fit in one.fit)
    return f"fit to the role's preferences: {before} -> {after}"


def _told(event: Event) -> str:
    words = {"unknown": "not known", "vanished": "vanished", "deprecated": "deprecated", "repriced": "repriced"}
    dated = f", {event.date}" if event.date else ""
    return f"{words[event.kind]}: {event.model}: {event.detail} (by {event.source}{dated})"


def _print_latency(drifted: Mapping[str, tuple[Latency | None, Latency]]) -> None:
    """What the ledger says of models' speed that the choice did not rest upon."""
    if not drifted:
        return
    print_heading("Answers of late took another time than the choice rests upon:")
    for model, (before, now) in drifted.items():
        known = "only estimated" if before is None else f"{before.seconds:g} s"
        print_text(f"{model}: {now.seconds:g} s ({now.calls} calls), {known} there", indent=2)
    print_text("`llmhub generate --measure` lets what was measured count.", indent=2)


def _summarise(
    found: Sequence[Upgrade], roles: Sequence[str], proposal: Proposal, *, compared: bool, applying: bool
) -> None:
    if not compared:
        print_text(
            f"The catalog that {proposal.path.name} was generated from is not kept here, so nothing can be said of "
            "prices that changed since.",
            space_above=1,
        )
    if not roles:
        print_text("Nothing to upgrade.", space_above=1)
    elif not applying:
        one = len(roles) == 1 and len(found) == 1
        command = f"llmhub upgrade {roles[0]} --apply" if one else "llmhub upgrade --apply"
        print_text(f"`{command}` rewrites {', '.join(roles)}, and no other role.", space_above=1)


# --- what is written ------------------------------------------------------------------------------------------------


def _apply(
    proposal: Proposal, present: PresentFile, roles: Sequence[str], session: Session, *, ask: bool, show: bool
) -> bool:
    from llmhub.cli.difference import print_difference
    from llmhub.generate.diff import difference
    from llmhub.generate.emit import render_values
    from llmhub.generate.upgrade import applied
    from llmhub.generate.write import write

    text = render_values(applied(present, proposal.values, roles), present)
    changes = difference(present.text, text, proposal.path.name)
    if not changes:
        return False
    if show:
        print_difference(changes)
    if ask and not _confirmed(proposal.path.name):
        click.echo("Nothing written.")
        return False
    write(proposal.path, present.text, text)
    if show or ask:
        click.echo(f"Wrote {proposal.path}.")
    return True


def _confirmed(name: str) -> bool:
    if not sys.stdin.isatty():
        raise click.ClickException(f"{name} would change, and nobody is here to ask: add --yes to write it.")
    return click.confirm(f"Write these changes to {name}?")


def _plain(
    proposal: Proposal,
    found: Sequence[Upgrade],
    drifted: Mapping[str, tuple[Latency | None, Latency]],
    applied: Sequence[str],
    *,
    compared: bool,
    written: bool,
) -> dict[str, Any]:
    import attrs

    from llmhub.cli.role_changes import plain_effect

    return {
        "file": str(proposal.path),
        "catalog": {"fingerprint": proposal.catalog.fingerprint, "built_at": proposal.catalog.built_at},
        "prices_compared": compared,
        "roles": [
            {
                "role": one.role,
                "present": one.present,
                "offered": one.offered,
                "pinned": one.pinned,
                "mix": attrs.asdict(one.mix),
                "traffic": _plain_traffic(one),
                "fit": {"before": one.fit[0], "after": one.fit[1]},
                "effect": plain_effect(one.effect) if one.effect else None,
                "quality": {"before": one.quality[0], "after": one.quality[1]},
                "reason": one.reason,
                "events": [attrs.asdict(event) for event in one.events],
            }
            for one in found
        ],
        "latency": [
            {"model": model, "before": before and attrs.asdict(before), "now": attrs.asdict(now)}
            for model, (before, now) in drifted.items()
        ],
        "applied": list(applied) if written else [],
        "written": written,
    }


def _plain_traffic(one: Upgrade) -> dict[str, Any] | None:
    import attrs

    if one.traffic is None:
        return None
    effect = one.effect
    before, after = (effect.before, effect.after) if effect else (None, None)
    return {
        **attrs.asdict(one.traffic),
        "cost_before": one.traffic.cost(before) if before else None,
        "cost_after": one.traffic.cost(after) if after else None,
    }
