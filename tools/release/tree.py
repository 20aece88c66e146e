"""The working tree, its copy to work in, and what of the copy comes back."""

from __future__ import annotations

from pathlib import Path

from release.commands import run


def uncommitted(root: Path) -> list[str]:
    """The files that differ from the last commit, or that git does not know."""
    return [line[3:] for line in run(["git", "status", "--porcelain"], where=root).splitlines()]


def has_tag(root: Path, tag: str) -> bool:
    return bool(run(["git", "tag", "--list", tag], where=root).strip())


def committed_at(root: Path) -> str:
    """When the last commit was made, in seconds of Unix time: the date of all that is built from it."""
    return run(["git", "log", "-1", "--format=%ct"], where=root).strip()


def copy_of_last_commit(root: Path, into: Path) -> Path:
    """A clone of *root* below *into*: nothing done there can hurt the tree."""
    copy = into / "copy"
    run(["git", "clone", "--quiet", "--no-hardlinks", root, copy], where=into)
    return copy


def bring_back(copy: Path, root: Path) -> list[str]:
    """Make the tree of *root* what that of *copy* became, and say which files that changed. Nothing is committed."""
    run(["git", "add", "--all"], where=copy)
    patch = copy.parent / "release.patch"
    run(["git", "diff", "--cached", "--binary", f"--output={patch}"], where=copy)
    changed = run(["git", "diff", "--cached", "--name-only"], where=copy).split()
    if changed:
        run(["git", "apply", patch], where=root)
    return changed
