"""The steps of a release, in order. Ends with 0 done, 1 something is to be mended, 2 wrong usage."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from attrs import evolve, frozen

from release import ReleaseError, artefacts, tree
from release.commands import run
from release.tokens import Index, Token, token_for
from release.versions import CORE, STEPS, Distribution, chosen, distributions, next_version, problem_of, write_version

PYPI = Index(name="PyPI", url="https://upload.pypi.org/legacy/", variable="PYPI_TOKEN")
TEST_PYPI = Index(name="TestPyPI", url="https://test.pypi.org/legacy/", variable="TEST_PYPI_TOKEN", rehearsal=True)


@frozen(kw_only=True)
class Plan:
    """What is released, as what, and where to."""

    root: Path
    released: list[Distribution]
    version: str
    indexes: list[Index]

    @property
    def with_core(self) -> bool:
        return any(one.name == CORE for one in self.released)

    @property
    def tag(self) -> str:
        return f"v{self.version}" if self.with_core else f"{self.released[0].name}-v{self.version}"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        plan = planned(options)
        tokens = [] if options.dry_run else [token_for(index, plan.root) for index in plan.indexes]
        with tempfile.TemporaryDirectory(prefix="llmhub-release-") as folder:
            _release(plan, tokens, Path(folder), options)
    except ReleaseError as error:
        for problem in error.problems:
            print(f"Error: {problem}", file=sys.stderr)
        print("Nothing in the tree was changed.", file=sys.stderr)
        return 1
    return 0


def planned(options: argparse.Namespace) -> Plan:
    """The plan that *options* ask for.

    Raises:
        ReleaseError: all that stands against it.
    """
    root: Path = options.root.resolve()
    released = chosen(distributions(root), options.package)
    version = options.version or next_version(released[0].version, options.step)
    pypi = evolve(PYPI, name="the index", url=options.repository_url) if options.repository_url else PYPI
    test = (
        evolve(TEST_PYPI, name="the test index", url=options.test_url, rehearsal=False)
        if options.test_url
        else TEST_PYPI
    )
    indexes = [test, pypi] if options.test_first or options.test_url else [pypi]
    plan = Plan(root=root, released=released, version=version, indexes=indexes)
    problems = []
    if dirty := tree.uncommitted(root):
        shown = ", ".join(dirty[:5]) + (f" and {len(dirty) - 5} more" if len(dirty) > 5 else "")
        problems.append(
            f"{len(dirty)} uncommitted: {shown}. A release is made of a commit; commit these or take them away."
        )
    if wrong := problem_of(version, released):
        problems.append(wrong)
    if tree.has_tag(root, plan.tag):
        problems.append(f"tag {plan.tag} exists: that version was released")
    if problems:
        raise ReleaseError(*problems)
    return plan


def _release(plan: Plan, tokens: Sequence[Token], folder: Path, options: argparse.Namespace) -> None:
    for one in plan.released:
        print(f"{one.name} {one.version} -> {plan.version}")
    date = tree.committed_at(plan.root)
    copy = tree.copy_of_last_commit(plan.root, folder)
    local = [
        evolve(
            one, folder=copy / one.folder.relative_to(plan.root), stated_in=copy / one.stated_in.relative_to(plan.root)
        )
        for one in plan.released
    ]
    for one in local:
        write_version(one, plan.version)
    if plan.with_core:
        _write_changelog(copy, plan.version)
    built = artefacts.build(local, folder / "dist", date)
    print(f"built, twice alike: {', '.join(file.name for file in built)}")
    artefacts.look_into(built)
    run([sys.executable, "-m", "twine", "check", "--strict", *built], where=folder)
    print("contents and metadata are well")
    python = artefacts.try_out(built, copy, folder)
    print("installed in a fresh environment; `llmhub demo` ran")
    name = f"{plan.released[0].name}-{plan.version}.cdx.json"
    bill = artefacts.write_bill(python, folder / "dist" / name, folder)
    sums = artefacts.write_sums([*built, bill], folder / "dist")
    print(f"beside them: {bill.name}, {sums.name}")
    if options.dry_run:
        print("Dry run: nothing is uploaded, and the tree is as it was.")
        return
    for index, token in zip(plan.indexes, tokens, strict=True):
        run(upload_command(index, built), where=folder, secrets=token.as_environment())
        print(f"uploaded to {index.name}")
    changed = tree.bring_back(copy, plan.root)
    shutil.copytree(folder / "dist", plan.root / "dist", dirs_exist_ok=True)
    print(f"\n{len(changed)} files changed here, the artefacts are in dist/. To finish:\n\n{_git_commands(plan)}")


def upload_command(index: Index, files: Sequence[Path]) -> list[str | Path]:
    """What uploads *files* to *index*; the token is in its environment."""
    upload = [sys.executable, "-m", "twine", "upload", "--non-interactive", "--disable-progress-bar"]
    known = ["--skip-existing"] if index.rehearsal else []
    return [*upload, *known, "--repository-url", index.url, *files]


def _write_changelog(copy: Path, version: str) -> None:
    """Gather the fragments, dated by the last commit so that the same commit gives the same text."""
    day = run(["git", "log", "-1", "--format=%cs"], where=copy).strip()
    run([sys.executable, "-m", "towncrier", "build", "--yes", "--version", version, "--date", day], where=copy)


def _git_commands(plan: Plan) -> str:
    subject = f"Release {plan.version}" if plan.with_core else f"Release {plan.released[0].name} {plan.version}"
    return f"git add --all && git commit -m '{subject}'\ngit tag -a {plan.tag} -m '{subject}'\ngit push --follow-tags\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nox -s release --", description="Release LLM Hub and its plugins.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("step", nargs="?", choices=STEPS, help="the number of the version to raise")
    which.add_argument("--version", metavar="X.Y.Z", help="the version, instead of a step")
    parser.add_argument(
        "--package", metavar="NAME", help="release one distribution alone; default: all, as one version"
    )
    parser.add_argument("--dry-run", action="store_true", help="build and check everything, upload and change nothing")
    parser.add_argument("--test-first", action="store_true", help="upload to TestPyPI, then to PyPI")
    parser.add_argument("--repository-url", metavar="URL", help="upload to this index instead of PyPI")
    parser.add_argument(
        "--test-repository-url", dest="test_url", metavar="URL", help="upload to this index first, instead of TestPyPI"
    )
    parser.add_argument("--root", type=Path, default=Path.cwd(), help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
