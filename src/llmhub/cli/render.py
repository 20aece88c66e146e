"""What commands print: tables for people, JSON for programs. The only home of rich."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = ["bar", "dollars", "print_fields", "print_heading", "print_json", "print_table", "print_text"]

_UNBOUNDED = 100_000
"""Columns of a pipe: nothing is cut or folded there, so that `grep` and `awk` see whole values."""


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numeric: Sequence[str] = (),
    droppable: Sequence[str] = (),
    unbroken: Sequence[str] = (),
) -> None:
    """A table on stdout: fitted to a terminal, whole and uncoloured in a pipe. *numeric* columns align right.

    Values of *unbroken* columns, as all numbers, stay on one line; those of others are folded where they must be.

    A terminal too narrow for all does without the *droppable* columns, in their order, and says which.
    """
    if not sys.stdout.isatty():
        _print_whole(columns, rows, numeric)
        return
    stated = [[_cell(value) for value in row] for row in rows]
    console = _console()
    shown, dropped = list(columns), []
    for column in droppable:
        if _natural_width(columns, stated, shown) <= console.width:
            break
        shown.remove(column)
        dropped.append(column)
    _print_trimmed(_table(columns, stated, shown, numeric, unbroken))
    if dropped:
        print_text(f"Too narrow here for: {', '.join(dropped)}.")


def _print_whole(columns: Sequence[str], rows: Iterable[Sequence[object]], numeric: Sequence[str]) -> None:
    """One line per row, without rich: a list of all models takes it a second."""
    lines = [tuple(columns), *(tuple("-" if value is None else str(value) for value in row) for row in rows)]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    aligned = [str.rjust if column in numeric else str.ljust for column in columns]
    for line in lines:
        cells = (align(cell, width) for align, cell, width in zip(aligned, line, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip().replace("\n", " ") + "\n")


def _table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    shown: Sequence[str],
    numeric: Sequence[str],
    unbroken: Sequence[str],
) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    places = [place for place, column in enumerate(columns) if column in shown]
    for place in places:
        number = columns[place] in numeric
        # A number broken over two lines is a wrong number.
        whole = number or columns[place] in unbroken
        table.add_column(columns[place], justify="right" if number else "left", overflow="fold", no_wrap=whole)
    for row in rows:
        table.add_row(*(row[place] for place in places))
    return table


def _natural_width(columns: Sequence[str], rows: Sequence[Sequence[Any]], shown: Sequence[str]) -> int:
    """How wide the shown columns are where nothing is folded, with two spaces between neighbours."""
    places = [place for place, column in enumerate(columns) if column in shown]
    widths = (max((row[place].cell_len for row in rows), default=0) for place in places)
    return sum(max(len(columns[place]), width) for place, width in zip(places, widths, strict=True)) + 2 * (
        len(places) - 1
    )


def print_json(value: Any) -> None:
    """*value* as JSON on stdout, keys in the order given."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def discreet(text: str) -> str:
    """*text* without the keys that the environment holds: a file or an argument may quote one."""
    import os

    from llmhub.records.secrets import Secrets

    return Secrets.of(os.environ).struck(text)


def print_heading(text: str) -> None:
    """A heading that stands out on a terminal and is a plain line elsewhere."""
    from rich.text import Text

    _console().print(Text(text, style="bold"))


def print_text(text: str, *, indent: int = 0, space_above: int = 0) -> None:
    """A paragraph, wrapped to a terminal and left whole in a pipe."""
    from rich.padding import Padding
    from rich.text import Text

    sys.stdout.write("\n" * space_above)
    _print_trimmed(Padding(Text(text), (0, 0, 0, indent), expand=False))


def print_fields(fields: Mapping[str, object]) -> None:
    """Names and values, one to a line, values aligned."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False, show_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in fields.items():
        table.add_row(name, _cell(value))
    _print_trimmed(table)


def dollars(value: object) -> str:
    """A price or cost with as many digits as it needs; "-" when unknown, which is not the same as 0."""
    if value is None:
        return "-"
    number = float(str(value))
    if 0 < number < 1e-8:
        return "<$0.00000001"
    if number == round(number, 2):
        return f"${number:,.2f}"
    # $0.075 cut to cents would be 7 % off; eight places hold the price of a single token.
    cents = f"{number:,.8f}".rstrip("0") if abs(number) < 1 else f"{number:,.4f}".rstrip("0")
    return f"${cents.ljust(cents.index('.') + 3, '0')}"


def bar(value: float, largest: float, *, width: int = 24) -> str:
    """A bar whose length is to *width* as *value* is to *largest*, in eighths of a character.

    >>> bar(1.5, 3.0, width=4)
    '██'
    """
    if not 0 < value <= largest:
        return ""
    eighths = max(1, round(8 * width * value / largest))
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _print_trimmed(content: RenderableType) -> None:
    """Print without the spaces that rich fills lines up with: they would show in whatever copies the output."""
    console = _console()
    with console.capture() as capture:
        console.print(content)
    for line in capture.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")


def _cell(value: object) -> Any:
    from rich.text import Text

    if value is None:
        return Text("-", style="dim")
    return Text(str(value))


def _console() -> Console:
    from rich.console import Console

    if sys.stdout.isatty():
        from shutil import get_terminal_size

        # Told to rich, which takes any terminal that calls itself dumb for one of 80 columns.
        width, height = get_terminal_size()
        return Console(highlight=False, width=width, height=height)
    return Console(highlight=False, width=_UNBOUNDED, color_system=None, force_terminal=False)
