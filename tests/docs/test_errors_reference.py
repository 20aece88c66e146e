"""docs/reference/errors.md says what `llmhub.errors` says.

`python tests/docs/test_errors_reference.py` writes the page anew.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from llmhub import errors
from llmhub.errors import HubError

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"

BEGINNING = """\
# Errors

*Generated from `llmhub.errors`.* Whatever LLM Hub raises is an `errors.HubError`, whichever provider it came from; the
provider's own exception is its `__cause__`. No message holds a key. When each is retried, and when it leads to a
fallback: [How a call behaves](../explanation/calls.md).
"""
EXITS = {1: "1: yours to mend", 3: "3: provider or network"}


def written() -> str:
    """The page."""
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield BEGINNING
    _, _, rest = (inspect.getdoc(errors) or "").partition("\n\n")
    tree, _, rest = rest.partition("\n\n")
    yield from ("```text", *(line.removeprefix("    ") for line in tree.splitlines()), "```", "")
    yield rest
    for error in _classes(HubError):
        yield ""
        yield f"## {error.__name__}"
        yield ""
        parent = error.__bases__[0].__name__
        below = f"a [`{parent}`](#{parent.lower()}), " if error is not HubError else ""
        yield f"*{below}exit code {EXITS[error.exit_code]}*"
        yield ""
        yield from _markdown(inspect.cleandoc(error.__doc__ or ""))


def _classes(error: type[HubError]) -> Iterator[type[HubError]]:
    """The error and those below it, as the tree at the top of `llmhub.errors` has them."""
    yield error
    for below in error.__subclasses__():
        if below.__name__ in errors.__all__:
            yield from _classes(below)


def _markdown(docstring: str) -> Iterator[str]:
    """A docstring, with its attributes as a list."""
    for block in docstring.split("\n\n"):
        if block.startswith("Attributes:"):
            entries = re.split(r"\n    (?=\S)", block)[1:]
            for entry in entries:
                names, _, meaning = " ".join(entry.split()).partition(": ")
                yield f"- {', '.join(f'`{name}`' for name in names.split(', '))}: {meaning}"
        else:
            yield block
        yield ""


def test_the_page_says_what_the_errors_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), f"if this is meant: python {__file__}"


def test_every_public_error_is_there_and_in_the_tree() -> None:
    page = written()
    for name in errors.__all__:
        if inspect.isclass(getattr(errors, name)):
            assert f"\n## {name}\n" in page
            assert re.search(rf"[ ─]{name} |^HubError", page, re.MULTILINE), name


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
