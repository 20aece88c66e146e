"""The options by which `add-role` and `edit-role` say what a role needs, and the values they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from llmhub.cli.session import Session
from llmhub.config.faults import Path
from llmhub.records.spec import Capability, Kind, Level

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

PLACES: Mapping[str, Path] = {
    "kind": ("kind",),
    "description": ("description",),
    **{
        name: ("preferences", name)
        for name in (
            *("cost", "latency", "quality", "reasoning", "creativity"),
            *("providers", "needs", "context_min", "max_price_input", "max_price_output"),
            *("open_weights", "exclude_models"),
        )
    },
    "fallbacks": ("fallbacks",),
    "force_provider": ("force_provider",),
    "force_model": ("force_model",),
}
"""What an option sets, by the name of its value, and where that stands below the role."""


class Words(click.Choice):  # type: ignore[type-arg]  # click makes it generic from 8.2 on
    """Words that `--help` shows and a shell completes; others are left to the check of the spec.

    It tells all of them at once, each with its nearest name, where click stops at the first.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value


_LEVEL = Words(get_args(Level))
_OPTIONS: Sequence[Callable[[Any], Any]] = (
    click.option("--kind", type=Words(get_args(Kind)), help="What the role is asked for."),
    click.option("--description", help="What it is for, in your words."),
    click.option("--cost", type=_LEVEL, help="low: cheap."),
    click.option("--latency", type=_LEVEL, help="low: fast."),
    click.option("--quality", type=_LEVEL, help="high: good."),
    click.option("--reasoning", type=_LEVEL, help="high: strong at hard problems."),
    click.option("--creativity", type=_LEVEL, help="high: strong at writing."),
    click.option("--provider", "providers", multiple=True, help="Only this provider; may be given several times."),
    click.option(
        "--need",
        "needs",
        multiple=True,
        type=Words(get_args(Capability)),
        help="What the model must be able to do; may be given several times.",
    ),
    click.option("--context-min", type=click.IntRange(min=0), help="Tokens its window must hold."),
    click.option("--max-price-input", type=float, help="US dollars per million tokens."),
    click.option("--max-price-output", type=float, help="US dollars per million tokens."),
    click.option("--open-weights/--any-weights", default=None, help="Whether the weights must be public."),
    click.option(
        "--exclude-model", "exclude_models", multiple=True, help="Never this one; may be given several times."
    ),
    click.option("--fallbacks", type=click.IntRange(min=0), help="How many further models to choose."),
    click.option("--force-provider", help="This provider, whatever the preferences."),
    click.option("--force-model", help="This model, whatever the preferences."),
    click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing."),
)

Command = TypeVar("Command", bound=Callable[..., Any])


def role_options(command: Command) -> Command:
    """Gives a command every option that describes a role, and `--dry-run`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def stated(options: Mapping[str, Any]) -> dict[Path, Any]:
    """What was said, by its place below the role; an option that was left out says nothing."""
    return {place: _plain(options[name]) for name, place in PLACES.items() if options[name] not in (None, ())}


def known_roles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The roles of the spec, for a shell's completion; none when it cannot be read."""
    from click.shell_completion import CompletionItem

    from llmhub.cli.editing import open_spec
    from llmhub.errors import HubError

    options = ctx.find_root().params
    try:
        roles = open_spec(Session(project=options.get("project"), env=options.get("env"))).roles
    except HubError:
        return []
    return [CompletionItem(name) for name in roles if name.startswith(incomplete)]


def ask_for(present: Mapping[Path, Any], suggested: Mapping[Path, Any]) -> dict[Path, Any]:
    """Ask a person for the main things, offering what is *present*, else *suggested*. Returns what is to change."""
    from llmhub.config.edit import REMOVED

    changes: dict[Path, Any] = {}
    for name, question, choices in _QUESTIONS:
        place = PLACES[name]
        offered = present.get(place) or suggested.get(place) or (_NO_OPINION if _NO_OPINION in choices else "")
        kind = click.Choice(choices) if choices else None
        answer = click.prompt(question, default=offered, type=kind, show_default=bool(offered))
        if answer in ("", _NO_OPINION):
            changes |= {place: REMOVED} if present.get(place) else {}
        elif answer != present.get(place):
            changes[place] = answer
    return changes


SUGGESTED: Mapping[Path, Any] = {
    PLACES["kind"]: "chat",
    **dict.fromkeys((PLACES["cost"], PLACES["latency"], PLACES["quality"]), "medium"),
}
"""What a new role is offered."""

_NO_OPINION = "-"
_LEVELS_OR_NONE = (*get_args(Level), _NO_OPINION)
_QUESTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("kind", "Kind", get_args(Kind)),
    ("description", "Description", ()),
    ("cost", "Cost", _LEVELS_OR_NONE),
    ("latency", "Latency", _LEVELS_OR_NONE),
    ("quality", "Quality", _LEVELS_OR_NONE),
)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return list(value) if isinstance(value, tuple) else value
