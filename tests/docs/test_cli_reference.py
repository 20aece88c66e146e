"""docs/reference/cli.md says what the commands say of themselves.

`python tests/docs/test_cli_reference.py` writes the page anew.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from llmhub.cli.root import COMMANDS, llmhub

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"

BEGINNING = """\
# The command line

*Generated from the commands themselves; `--help` says the same.* Commands of plugins stand in `llmhub --help`.

In a pipe, output has no colours, is never cut to a width, and shows no progress. What `--json` prints has the keys its
help names. Warnings and questions go to stderr.

## Exit codes

| code | meaning |
|---|---|
| 0 | well |
| 1 | something of yours is to be mended: a file, a key, a choice; with `--check`, a difference |
| 2 | the command line was used wrongly |
| 3 | a provider, or the network |
| 130 | interrupted |

[Errors](errors.md) lists which error leads to which.
"""


def written() -> str:
    """The page."""
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield BEGINNING
    yield "## llmhub"
    yield ""
    yield from _told(llmhub, "llmhub")
    context = click.Context(llmhub, info_name="llmhub")
    for name in COMMANDS:
        command = llmhub.get_command(context, name)
        assert command is not None
        yield from _command(command, f"llmhub {name}", 2)


def _command(command: click.Command, path: str, level: int) -> Iterator[str]:
    yield f"{'#' * level} {path}"
    yield ""
    yield from _told(command, path)
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _command(inner, f"{path} {name}", level + 1)


def _told(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    usage = " ".join(command.collect_usage_pieces(context))
    yield "```"
    yield f"{path} {usage}".replace(" [ARGS]...", " ...")
    yield "```"
    yield ""
    for paragraph in inspect.cleandoc(command.help or "").replace("\b\n", "").split("\n\n"):
        yield from _paragraph(paragraph)
        yield ""
    options = [record for parameter in command.params if (record := parameter.get_help_record(context))]
    options = [(names, meaning) for names, meaning in options if meaning]
    if options:
        yield "| option | |"
        yield "|---|---|"
        for names, meaning in options:
            yield f"| `{_cell(names)}` | {_cell(meaning, escape_angles=True)} |"
        yield ""


def _paragraph(paragraph: str) -> Iterator[str]:
    # Read here, not there: an example is a line to copy.
    example = re.fullmatch(r"Examples?:\s*(.+)", paragraph, re.DOTALL)
    if example:
        yield from ("Example:", "", "```", *(line.strip() for line in example[1].splitlines()), "```")
    elif any(line.startswith("  ") for line in paragraph.splitlines()):
        yield from ("```text", *paragraph.splitlines(), "```")
    else:
        yield from paragraph.splitlines()


def _cell(text: str, *, escape_angles: bool = False) -> str:
    text = " ".join(text.split()).replace("|", "\\|")
    return re.sub(r"(?<!`)<([a-z]+)>", r"&lt;\1&gt;", text) if escape_angles else text


def test_the_page_says_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), f"if this is meant: python {__file__}"


def test_every_command_has_its_place_and_says_what_it_does() -> None:
    page = written()
    assert [name for name in COMMANDS if f"\n## llmhub {name}\n" not in page] == []
    assert "\n### llmhub catalog refresh\n" in page
    assert "\n### llmhub spec set\n" in page
    assert not re.search(r"^#+ llmhub.*\n\n```\n.*\n```\n\n\n", page, re.MULTILINE)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
