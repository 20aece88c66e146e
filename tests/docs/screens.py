"""Draws the screens of the documentation from real runs on a real terminal: `python tests/docs/screens.py`.

`test_screens.py` runs the same commands again and holds the drawings to what they show now, apart from times and dates.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pexpect
from attrs import frozen
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

FOLDER = Path(__file__).parents[2] / "docs" / "assets" / "screens"
COLUMNS = 110

SPEC = """\
project: shop
providers:
  openai: {enabled: true, env_key: OPENAI_API_KEY}
  anthropic: {enabled: true, env_key: ANTHROPIC_API_KEY}
roles:
  llm.answers:
    kind: chat
    description: Answers customers' questions about their orders
    preferences: {cost: medium, quality: high, needs: [tools]}
    fallbacks: 1
  llm.tagging:
    kind: chat
    description: Sorts a message into one of ten drawers
    preferences: {cost: low, latency: low, max_price_output: 1.0}
"""
WRONG = SPEC.replace("{cost: low,", "{cots: low,")

DRAWING = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""How rich is to draw: its own drawing loads a font from another host."""


@frozen(kw_only=True)
class Screen:
    """One drawing: what is typed, in a folder whose spec is *spec*. Nothing before it is shown."""

    name: str
    typed: str
    spec: str = SPEC
    before: tuple[str, ...] = ()


SCREENS = (
    Screen(name="demo", typed="llmhub demo"),
    Screen(name="problem", typed="llmhub spec validate", spec=WRONG),
    Screen(name="status", typed="llmhub", before=("llmhub generate --yes",)),
    Screen(name="why", typed="llmhub why llm.tagging", before=("llmhub catalog refresh",)),
)


def taken(screen: Screen) -> str:
    """What the terminal showed, with its colours, the folder's own name in place of its whole path."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve() / "shop"
        folder.mkdir()
        (folder / "llmhub.spec.yaml").write_text(screen.spec, encoding="utf-8")
        environ = _machine(folder)
        for line in screen.before:
            _typed(line, folder, environ)
        shown = _typed(screen.typed, folder, environ)
        return _without_warnings(shown.replace(f"{folder}/", "").replace(str(folder), "."))


def drawn(screen: Screen, shown: str) -> str:
    """The drawing: the line that was typed, and what came of it."""
    console = Console(width=COLUMNS, record=True, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text("$ ", style="bold green") + Text(screen.typed, style="bold"))
    console.print(Text.from_ansi(shown.rstrip()))
    return console.export_svg(
        title=screen.typed, theme=SVG_EXPORT_THEME, code_format=DRAWING, unique_id=f"screen-{screen.name}"
    )


def words(drawing: str) -> str:
    """The text of a drawing, where what differs from run to run is masked."""
    lines = re.sub(r"</text>", "\n", drawing)
    text = re.sub(r"<[^>]+>", "", lines).replace("&#160;", " ")
    text = re.sub(r"\d{4}-\d\d-\d\d(T[\d:+]+)?", "DATE", text)
    text = re.sub(r"\b\d+(\.\d+)? ?(ms|s|min)\b|(?<=\s)\d+(?=\s+\d+ \+ \d+)", "TIME", text)
    return " ".join(text.split())


def _typed(line: str, folder: Path, environ: Mapping[str, str]) -> str:
    shown, _ = pexpect.run(
        f"sh -c '{line}'", cwd=str(folder), env=dict(environ), timeout=60, withexitstatus=True, encoding="utf-8",
        dimensions=(60, COLUMNS),
    )  # fmt: skip
    return str(shown).replace("\r\n", "\n")


def _machine(folder: Path) -> dict[str, str]:
    """Two keys, no network, and nothing of an earlier run."""
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "TERM": "xterm-256color",
        "COLUMNS": str(COLUMNS),
        "LANG": "C.UTF-8",
        "OPENAI_API_KEY": "sk-loopback-0123456789",
        "ANTHROPIC_API_KEY": "sk-loopback-0123456789",
        "LLMHUB_OFFLINE": "1",
        "LLMHUB_CACHE_DIR": str(folder.parent / "cache"),
    }


def _without_warnings(shown: str) -> str:
    """The screen without what is said of the network, which is not there."""
    kept, inside = [], False
    for line in shown.splitlines():
        inside = line.startswith("warning: ") or (inside and line.startswith("  "))
        if not inside:
            kept.append(line)
    return "\n".join(kept)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in SCREENS:
        (FOLDER / f"{each.name}.svg").write_text(drawn(each, taken(each)), encoding="utf-8")
