"""Which program runs here, on what."""

from __future__ import annotations

import platform
from collections.abc import Iterator

from llmhub import __version__
from llmhub.cli.commands.doctor.examined import Examined
from llmhub.records.contributions import Finding

FLOOR = (1, 40, 2)
"""The lowest any-llm that pyproject.toml allows; a test holds the two together."""


def check(examined: Examined) -> Iterator[Finding]:
    """The versions, and whether any-llm's is one that LLM Hub was made for."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version("any-llm-sdk")
    except PackageNotFoundError:
        yield Finding(
            check="versions",
            severity="error",
            message="any-llm-sdk is not installed, so nothing can be called",
            remedy="pip install --force-reinstall llmhub",
        )
        return
    system = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if suits(found):
        yield Finding(check="versions", severity="ok", message=f"llmhub {__version__}, any-llm-sdk {found}, {system}")
        return
    floor = ".".join(map(str, FLOOR))
    yield Finding(
        check="versions",
        severity="warning",
        message=f"any-llm-sdk {found} is outside {floor} to 2, which llmhub {__version__} was made for ({system})",
        remedy=f"pip install 'any-llm-sdk>={floor},<2'",
    )


def suits(version: str) -> bool:
    """Whether *version* of any-llm lies in the range that LLM Hub was made for."""
    import re

    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return FLOOR <= numbers < (2,)
