"""The spec and the configuration: there, valid, and made from one another."""

from __future__ import annotations

from collections.abc import Iterator

from llmhub.cli.commands.doctor.examined import Examined
from llmhub.errors import InvalidFileError
from llmhub.records.contributions import Finding


def check(examined: Examined) -> Iterator[Finding]:
    """Each file that is missing or invalid, and a configuration that its spec has left behind."""
    for fault in examined.faults:
        remedy = "Mend the lines named." if isinstance(fault, InvalidFileError) else ""
        yield Finding(check="files", severity="error", message=str(fault), remedy=remedy)
    if examined.config is not None:
        yield _ok(f"{examined.config_path} is valid: {_roles(len(examined.config.roles))}")
    if examined.spec is not None:
        yield _ok(f"{examined.spec_path} is valid: {_roles(len(examined.spec.roles))}")
        yield from _left_behind(examined)
    if examined.spec_path is None and examined.config_path is None:
        yield Finding(
            check="files",
            severity="error",
            message=f"no llmhub.spec.yaml and no llmhub.yaml in {examined.folder} or above",
            remedy="`llmhub setup` makes a first spec.",
        )


def _left_behind(examined: Examined) -> Iterator[Finding]:
    if examined.config_path is None:
        yield Finding(
            check="files",
            severity="error",
            message="there is a spec, and no llmhub.yaml made from it",
            remedy="Run `llmhub generate`.",
        )
        return
    config, spec = examined.config, examined.spec
    if config is None or spec is None or config.generated is None:
        return
    from llmhub.generate.spec_hash import spec_hash

    if config.generated.spec_hash != spec_hash(spec):
        yield Finding(
            check="files",
            severity="warning",
            message=f"the spec has changed since {examined.config_path.name} was made from it",
            remedy="`llmhub generate` shows what would change, and writes it.",
        )


def _ok(message: str) -> Finding:
    return Finding(check="files", severity="ok", message=message)


def _roles(count: int) -> str:
    return f"{count} role{'' if count == 1 else 's'}"
