"""Hooks are promises to plugin authors: a change to one is a visible line in hookspecs.txt.

`python tests/architecture/test_hookspecs.py` writes the file anew.
"""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from llmhub import hookspecs

SNAPSHOT = Path(__file__).with_name("hookspecs.txt")


def written() -> str:
    """Every hook with its signature, by kind."""
    lines = []
    for kind, hooks in hookspecs.HOOKS_BY_KIND.items():
        lines.append(f"[llmhub.{kind}]")
        lines += [f"{hook}{inspect.signature(getattr(hookspecs, hook))}" for hook in hooks]
        lines.append("")
    return "\n".join(lines)


def test_no_hook_changes_unnoticed() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == written(), f"if this is meant: python {__file__}"


def test_every_hook_stands_in_exactly_one_kind() -> None:
    marked = sorted(name for name in dir(hookspecs) if hasattr(getattr(hookspecs, name), "llmhub_spec"))
    assert sorted(hook for hooks in hookspecs.HOOKS_BY_KIND.values() for hook in hooks) == marked


@pytest.mark.parametrize("hook", [hook for hooks in hookspecs.HOOKS_BY_KIND.values() for hook in hooks])
def test_every_hook_says_since_when_and_has_all_its_arguments_by_name(hook: str) -> None:
    specification = getattr(hookspecs, hook)
    assert ".. versionadded::" in (specification.__doc__ or "")
    assert all(
        parameter.kind is parameter.POSITIONAL_OR_KEYWORD and parameter.default is parameter.empty
        for parameter in inspect.signature(specification).parameters.values()
    )


if __name__ == "__main__":
    SNAPSHOT.write_text(written(), encoding="utf-8")
