"""Tokens of the package indexes: from the environment, from `.env`, or asked for; never shown."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from attrs import field, frozen
from dotenv import dotenv_values

from release import ReleaseError


@frozen(kw_only=True)
class Index:
    """Where distributions are uploaded to, and the variable that holds its token.

    `rehearsal`: what lies there already may lie there from an attempt that failed later on, and is passed over. twine
    does so at PyPI and TestPyPI alone.
    """

    name: str
    url: str
    variable: str
    rehearsal: bool = False


@frozen
class Token:
    """A token that does not show when it is printed by mistake."""

    value: str = field(repr=False)

    def as_environment(self) -> dict[str, str]:
        """As twine expects it: never on a command line, which others on the machine can read."""
        return {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": self.value}


def token_for(index: Index, root: Path) -> Token:
    """The token of *index*.

    Raises:
        ReleaseError: it is nowhere, and nobody is there to be asked.
    """
    value = os.environ.get(index.variable) or dotenv_values(root / ".env").get(index.variable)
    if not value and sys.stdin.isatty():
        value = getpass.getpass(f"Token for {index.name} (not shown): ").strip()
    if not value:
        raise ReleaseError(f"no token for {index.name}: set {index.variable}, or write it into .env")
    return Token(value)
