"""What is said where there is nothing to show: what happened, and the command that helps. Pure."""

from __future__ import annotations

import re
from pathlib import PurePath

from attrs import frozen

from llmhub.errors import CatalogError, HubError
from llmhub.errors.files import ConfigNotFoundError, InvalidFileError


@frozen(kw_only=True)
class Notice:
    """`lines` say what is so, `commands` what to type. Backticks mark code."""

    title: str
    lines: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


def notice_of(error: HubError) -> Notice:
    """*error* as a notice. Commands that its message names stand apart, to be copied."""
    if isinstance(error, InvalidFileError):
        return Notice(
            title=f"{PurePath(error.file).name} has {_count(len(error.problems))}",
            lines=tuple(str(problem) for problem in error.problems),
            commands=("llmhub spec validate",) if "spec" in error.file else ("llmhub doctor",),
        )
    title, usual = "This cannot be shown", ["llmhub doctor"]
    if isinstance(error, ConfigNotFoundError):
        title = f"No {error.name} yet"
    elif isinstance(error, CatalogError):
        title, usual = "No catalog yet", ["llmhub catalog refresh", "llmhub catalog sources"]
    return Notice(
        title=title, lines=tuple(str(error).splitlines()), commands=named_commands(str(error)) or tuple(usual)
    )


def unexpected(error: Exception) -> Notice:
    """A fault of ours, told without what may be in its message."""
    return Notice(
        title="Something went wrong here",
        lines=(f"The page met {type(error).__name__}. The terminal of `llmhub ui` has the whole of it.",),
        commands=("llmhub doctor",),
    )


def named_commands(text: str) -> tuple[str, ...]:
    """The commands of ours that *text* names between backticks."""
    return tuple(dict.fromkeys(re.findall(r"`(llmhub [^`]+)`", text)))


def _count(problems: int) -> str:
    return "1 problem" if problems == 1 else f"{problems} problems"
