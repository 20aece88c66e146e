"""`llmhub why`: one question about one role, answered in a sentence and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.render import print_json, print_table, print_text
from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.generate.standings import Fate
    from llmhub.records.selection import Selection
    from llmhub.workspace import Proposal

SHOWN_MATCHES = 10


@click.command()
@click.argument("role")
@click.argument("model", required=False)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print JSON: role, chosen, present, pinned, answer, and selection; with MODEL: models.",
)
@click.pass_obj
def command(session: Session, role: str, model: str | None, as_json: bool) -> None:
    """Tell why a role gets its model, or why another lost.

    The choice is the one `llmhub generate` would make now, from the stored catalog; nothing is written. MODEL is a
    model's id, with or without its provider, or any other known name of it.

    Example: llmhub why llm.inference openai:gpt-4.1
    """
    from llmhub.cli.assistance import kept_answers
    from llmhub.cli.choosing import propose

    _known_role(session, role)
    proposal = propose(session, kept_answers(session))
    selection = next((one for one in proposal.generation.selections if one.need.role == role), None)
    if selection is None:
        _tell_pinned(proposal, role, as_json=as_json)
        return
    fates = _fates(proposal, selection, model) if model else []
    answer = _answer(selection, fates)
    if as_json:
        print_json(_plain(proposal, selection, fates if model else None, answer))
        return
    print_text(answer)
    if fates:
        _print_fates(selection, fates)
    else:
        from llmhub.cli.explaining import SHOWN, print_candidates

        print_candidates(selection, SHOWN)
    _tell_present(proposal, selection)


def _known_role(session: Session, role: str) -> None:
    from llmhub.errors import ConfigError, nearest

    roles = list(session.spec().roles)
    if role not in roles:
        close = nearest(role, roles)
        meant = f" Did you mean {close!r}?" if close else ""
        raise ConfigError(f"the spec has no role {role!r}.{meant} Roles in the file: {', '.join(roles) or 'none'}.")


def _fates(proposal: Proposal, selection: Selection, name: str) -> list[Fate]:
    """What became of each model that *name* means, the one that came furthest first.

    Raises:
        CatalogError: it means none.
    """
    from llmhub.errors import CatalogError, nearest
    from llmhub.generate.standings import fate

    matches = proposal.catalog.matches(name)
    if not matches:
        ids = list(proposal.catalog.models)
        close = nearest(name, ids) or nearest(name, [known.partition(":")[2] for known in ids])
        meant = f" Did you mean {close!r}?" if close else ""
        raise CatalogError(
            f"the catalog knows no model {name!r}.{meant} `llmhub catalog search` finds models by words."
        )
    fates = [fate(model.canonical_id, selection) for model in matches]
    order = ("chosen", "fallback", "lost", "not considered", "ruled out")
    return sorted(fates, key=lambda one: (order.index(one.outcome), one.place or 0, one.model))


def _answer(selection: Selection, fates: list[Fate]) -> str:
    chosen, role = selection.chosen.canonical_id, selection.need.role
    if not fates:
        return f"{role} gets {chosen}: {selection.reason}."
    best = fates[0]
    if best.outcome == "chosen":
        return f"{best.model} is the choice for {role}: {best.reason}."
    if best.outcome == "ruled out":
        return f"{best.model} cannot serve {role}: {best.reason}. The choice is {chosen}."
    if best.outcome == "not considered":
        return f"{best.model} is not the choice for {role}: {best.reason}. The choice is {chosen}."
    placed = f"number {best.place} of {best.of} for {role}; it " if best.place and best.outcome == "lost" else ""
    return f"{best.model} is {placed}{best.reason}." if placed else f"{best.model} {best.reason}."


def _print_fates(selection: Selection, fates: list[Fate]) -> None:
    from llmhub.generate.standings import differences

    best = fates[0]
    if best.candidate is not None and best.outcome != "chosen":
        rows = [
            (
                f"  {one.criterion}",
                f"{one.weight:g}",
                _value(one.winner.value),
                _value(one.other.value),
                f"{round(-one.points, 3) + 0.0:+.3f}",
                one.winner.note or None,
                one.other.note or None,
            )
            for one in differences(selection, best.candidate)
        ]
        chosen, other = selection.chosen.canonical_id, best.model
        columns = ("  criterion", "weight", "choice", "other", "lead", f"choice: {chosen}", f"other: {other}")
        print_table(columns, rows, numeric=columns[1:5])
        print_text("lead: what the criterion adds to the score of the other beyond that of the choice.", indent=2)
    elif best.outcome == "chosen":
        from llmhub.cli.explaining import SHOWN, print_candidates

        print_candidates(selection, SHOWN)
    allowed = selection.need.providers
    elsewhere = [one for one in fates[1:] if one.model.partition(":")[0] in allowed]
    if elsewhere:
        print_text("Other models of that name:", space_above=1)
        print_table(
            ("  model", "place", "outcome", "why"),
            [(f"  {one.model}", one.place, one.outcome, one.reason) for one in elsewhere[:SHOWN_MATCHES]],
            numeric=("place",),
        )
    barred = dict.fromkeys(one.model.partition(":")[0] for one in fates[1:] if one not in elsewhere)
    if barred:
        print_text(f"Also at {', '.join(barred)}, which the role may not use.", space_above=1)


def _value(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def _tell_present(proposal: Proposal, selection: Selection) -> None:
    """Say so when the file names another model than a generation would choose now."""
    present = _present(proposal, selection.need.role)
    chosen = selection.chosen.canonical_id
    if present is not None and present != chosen:
        print_text(
            f"{proposal.path.name} still names {present}: `llmhub upgrade {selection.need.role}` says what the change "
            "would bring.",
            space_above=1,
        )


def _tell_pinned(proposal: Proposal, role: str, *, as_json: bool) -> None:
    present = _present(proposal, role)
    answer = f"{role} is pinned to {present} in {proposal.path.name}: nothing else was looked at."
    if as_json:
        print_json({"role": role, "chosen": present, "present": present, "pinned": True, "answer": answer})
    else:
        print_text(f"{answer} Take `pinned: true` out to let it be chosen anew.")


def _present(proposal: Proposal, role: str) -> str | None:
    from llmhub.generate.changes import target
    from llmhub.generate.decided import entries

    settings = entries(proposal.present.values, "roles").get(role) if proposal.present else None
    return target(settings) if isinstance(settings, dict) else None


def _plain(proposal: Proposal, selection: Selection, fates: list[Fate] | None, answer: str) -> dict[str, Any]:
    from llmhub.cli.explaining import SHOWN, plain_candidate, plain_selection

    plain: dict[str, Any] = {
        "role": selection.need.role,
        "chosen": selection.chosen.canonical_id,
        "present": _present(proposal, selection.need.role),
        "pinned": False,
        "answer": answer,
        "selection": plain_selection(selection, SHOWN),
    }
    if fates is not None:
        plain["models"] = [
            {
                "model": one.model,
                "outcome": one.outcome,
                "reason": one.reason,
                "place": one.place,
                "candidate": plain_candidate(one.candidate, one.place) if one.candidate else None,
            }
            for one in fates
        ]
    return plain
