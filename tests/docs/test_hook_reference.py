"""docs/reference/hooks.md says what hookspecs.py says, in the same words.

`python tests/docs/test_hook_reference.py` writes the page anew.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import NOTHING, fields, has

from llmhub import hookspecs
from llmhub.records import calls, contributions, spending

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "hooks.md"

KINDS = {
    "catalog": "Sources and tiers",
    "generate": "The choice of models",
    "call": "Around a call",
    "commands": "Commands",
    "doctor": "Checks",
}
CONTRACTS = {
    "CatalogSource": "CatalogSourceContract",
    "TierDeriver": "TierDeriverContract",
    "Generator": "GeneratorContract",
    "Scorer": "ScorerContract",
    "Selector": "SelectorContract",
    "Ledger": "LedgerContract",
    "Check": "CheckContract",
}
"""What a hook lists to the contract of `llmhub.testing.contracts` that one of them keeps."""


def written() -> str:
    """The page."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_page())).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield "# Hooks"
    yield ""
    yield "*Generated from `src/llmhub/hookspecs.py`. How to write one: [Write a plugin](../how-to/write-a-plugin.md).*"
    yield ""
    _, _, rest = (inspect.getdoc(hookspecs) or "").partition("\n\n")
    yield from _markdown(rest)
    shown: set[type] = set()
    for kind, hooks in hookspecs.HOOKS_BY_KIND.items():
        yield ""
        yield f"## {KINDS[kind]}: `llmhub.{kind}`"
        for hook in hooks:
            yield from _hook(hook, shown)


def _hook(name: str, shown: set[type]) -> Iterator[str]:
    function = getattr(hookspecs, name)
    yield ""
    yield f"### {name}"
    yield ""
    yield f"`{name}{inspect.signature(function)}`".replace("'", "")
    yield ""
    yield from _markdown(inspect.getdoc(function) or "")
    for record in _records(function):
        if record not in shown:  # several hooks take a call: once is enough
            shown.add(record)
            yield ""
            yield from _record(record)


def _records(function: object) -> Sequence[type]:
    """The records of ours that a hook takes or lists."""
    told = " ".join(str(annotation) for annotation in inspect.get_annotations(function).values())
    names = re.findall(r"\w+", told)
    homes = (contributions, calls, spending)
    found = (getattr(home, name, None) for name in names for home in homes)
    return list(dict.fromkeys(one for one in found if isinstance(one, type) and has(one)))


def _record(record: type) -> Iterator[str]:
    first, *more = (inspect.getdoc(record) or "").split("\n\n")
    yield f"**`{record.__name__}`** {' '.join(first.split())}"
    for paragraph in more:
        yield ""
        yield " ".join(paragraph.split())
    yield ""
    yield "| field | type | unless given |"
    yield "|---|---|---|"
    hints = inspect.get_annotations(record)
    for attribute in fields(record):
        stated = str(hints.get(attribute.name, typing.Any)).replace("|", "\\|")
        yield f"| `{attribute.name}` | `{stated}` | {_default(attribute.default)} |"
    if contract := CONTRACTS.get(record.__name__):
        yield ""
        yield f"Held to its promises by `llmhub.testing.contracts.{contract}`."


def _default(default: object) -> str:
    if default is NOTHING:
        return "required"
    factory = getattr(default, "factory", None)
    return f"`{default!r}`" if factory is None else f"`{factory.__name__}()`"


def _markdown(docstring: str) -> Iterator[str]:
    """A docstring, with its indented blocks fenced and its version in words."""
    for block in docstring.split("\n\n"):
        version = re.fullmatch(r"\.\. versionadded:: (.+)", block)
        if version:
            yield f"Since {version[1]}."
        elif block.startswith("    "):
            yield from ("```toml", *(line[4:] for line in block.splitlines()), "```")
        else:
            yield from block.splitlines()
        yield ""


def test_the_page_says_what_the_hooks_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), f"if this is meant: python {__file__}"


def test_every_hook_and_what_it_lists_is_there() -> None:
    page = written()
    for hook in (hook for hooks in hookspecs.HOOKS_BY_KIND.values() for hook in hooks):
        assert f"### {hook}\n" in page
    assert [name for name in CONTRACTS if f"**`{name}`**" not in page] == []


def test_every_contract_that_is_named_is_there() -> None:
    from llmhub.testing import contracts

    assert set(CONTRACTS.values()) <= set(contracts.__all__)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
