"""Errors of the user's files, and of the roles in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from llmhub.errors.base import HubError, did_you_mean

if TYPE_CHECKING:
    from llmhub.records.problems import Problem


class ConfigError(HubError):
    """Something is wrong with the user's files or environment."""


class ConfigNotFoundError(ConfigError):
    """No file where one was named, or none in all the places searched; *where* describes them."""

    def __init__(self, name: str, where: str, remedy: str) -> None:
        self.name, self.where, self.remedy = name, where, remedy
        super().__init__(f"no {name} in {where}. {remedy}")


class InvalidFileError(ConfigError):
    """One file with all its problems; `problems` holds them in the order of the file."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file, self.problems = file, tuple(problems)
        count = len(self.problems)
        head = f"{file}: {count} problem{'' if count == 1 else 's'}"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


class MissingKeysError(ConfigError):
    """Keys that the configuration names and the environment lacks; `missing` maps provider to variable name."""

    def __init__(self, missing: dict[str, str]) -> None:
        self.missing = missing
        listed = ", ".join(f"{variable} (for {provider})" for provider, variable in missing.items())
        super().__init__(f"not set in the environment: {listed}. Export them, or write them into .env beside the file.")


class RoleError(HubError):
    """A role was asked for what it cannot give."""


class UnknownRoleError(RoleError):
    """The file has no such role, and no `defaults` that could serve it."""

    def __init__(self, role: str, known: Sequence[str]) -> None:
        self.role, self.known = role, tuple(known)
        listed = ", ".join(sorted(known)) or "none"
        super().__init__(
            f"no role {role!r}, and no defaults to serve it.{did_you_mean(role, known)} Roles in the file: {listed}."
        )


class WrongModeError(RoleError):
    """A method was called that the role's mode does not answer."""

    def __init__(self, role: str, mode: str, method: str, remedy: str) -> None:
        self.role, self.mode, self.method = role, mode, method
        super().__init__(f"role {role!r} has mode {mode!r}: {method}() cannot serve it. {remedy}")
