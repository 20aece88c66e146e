"""How long a newcomer types and waits: `python -m tests.benchmarks.newcomers_clock [--write]`.

Two ways are walked for real, each in a fresh environment and an empty folder: from `pip install` to the first answered
call, and from `llmhub plugins new` to the passing tests of a plugin. Waiting is measured. Typing is counted in
characters, and turned into time at a stated speed, that of somebody who looks at the keys. Thinking is not counted.

`--write` puts the figures into docs/explanation/newcomers-clock.md, with the machine and the day.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "newcomers-clock.md"

CHARACTERS_PER_SECOND = 3.0
"""36 words a minute."""

FOOTNOTE = """\
The plugin is the one that is written for you, a source with an example model; what yours shall do is not in the time.
The first call is answered by a provider on 127.0.0.1. `app.py`:"""

PROGRAM = """\
from llmhub import Hub

hub = Hub()
answer = hub.completion("llm.inference", [{"role": "user", "content": "Hello"}])
print(answer.choices[0].message.content)
"""


@frozen(kw_only=True)
class Step:
    """One line that is typed, and how many seconds it took until the next could be. `text` went into a file."""

    typed: str
    waited: float
    text: str = ""

    @property
    def typing(self) -> float:
        return (len(self.typed) + len(self.text)) / CHARACTERS_PER_SECOND


@frozen(kw_only=True)
class Way:
    """A way from a beginning to an end, which must take less than *limit* seconds."""

    name: str
    limit: float
    steps: Sequence[Step]

    @property
    def seconds(self) -> float:
        return sum(step.waited + step.typing for step in self.steps)


def first_call(folder: Path, wheel: Path) -> Way:
    """From `pip install` to an answered call, through a provider on 127.0.0.1."""
    with _stand_in(folder) as server:
        environ = {"OPENAI_API_KEY": "sk-loopback-0123456789", "OPENAI_BASE_URL": f"{server}/v1"}
        steps = [
            _step("python3 -m venv .venv", folder),
            _step(". .venv/bin/activate && pip install llmhub", folder, wheel=wheel),
            _step("llmhub init", folder, environ),
            _step("llmhub generate --yes", folder, environ),
            _step("python app.py", folder, environ, text=PROGRAM, must_say="Hello"),
        ]
    return Way(name="From `pip install` to a first answered call", limit=180, steps=steps)


def first_plugin(folder: Path) -> Way:
    """From `llmhub plugins new` to a passing plugin of a third party; LLM Hub is installed already."""
    inside = folder / "llmhub-source-price-list"
    steps = [
        _step("llmhub plugins new source price-list", folder),
        _step("cd llmhub-source-price-list && pip install . pytest", folder),
        _step("pytest", inside, must_say=" passed"),
        _step("llmhub plugins show price_list", inside, must_say="loaded"),
    ]
    return Way(name="From `llmhub plugins new` to a plugin whose tests pass", limit=300, steps=steps)


def _step(
    typed: str,
    folder: Path,
    environ: Mapping[str, str] | None = None,
    *,
    wheel: Path | None = None,
    text: str = "",
    must_say: str = "",
) -> Step:
    if text:
        (folder / "app.py").write_text(text, encoding="utf-8")
    line = typed.replace("install llmhub", f"install '{wheel}'") if wheel else typed
    began = time.monotonic()
    ended = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env={**_machine(folder), **(environ or {})},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if ended.returncode or must_say not in ended.stdout:
        raise SystemExit(f"$ {typed}\n{ended.stdout}{ended.stderr}")
    return Step(typed=typed, waited=time.monotonic() - began, text=text)


def _machine(folder: Path) -> dict[str, str]:
    """The environment of somebody new: no keys, nothing of an earlier run, and the environment they made active."""
    home = next(parent for parent in (folder, *folder.parents) if parent.name == "newcomer")
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return {
        **kept,
        "PATH": f"{home / '.venv' / 'bin'}{os.pathsep}{kept['PATH']}",
        "LLMHUB_CACHE_DIR": str(home / "kept"),
    }


@contextmanager
def _stand_in(folder: Path) -> Iterator[str]:
    """A provider on 127.0.0.1, as a process of the LLM Hub under test."""
    command = [sys.executable, "-m", "llmhub.testing.server", "--until-stdin-closes"]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def _wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return next(folder.glob("llmhub-*.whl"))


def report(ways: Sequence[Way]) -> str:
    """The page, in Markdown."""
    lines = [
        "# A newcomer's clock",
        "",
        "*Written by `nox -s clock -- --write`, which walks both ways in a fresh environment and an empty folder.*",
        "",
        _circumstances(),
    ]
    for way in ways:
        lines += ["", f"## {way.name}", "", "| typed | typing | waiting |", "|---|--:|--:|"]
        for step in way.steps:
            program = f", and {len(step.text.splitlines())} lines of `app.py`" if step.text else ""
            lines.append(f"| `{step.typed}`{program} | {step.typing:.0f} s | {step.waited:.1f} s |")
        waited, typed = (sum(getattr(step, part) for step in way.steps) for part in ("waited", "typing"))
        lines += [
            f"| **together** | {typed:.0f} s | {waited:.1f} s |",
            "",
            f"**{way.seconds:.0f} s** in all; the bar is {way.limit:g} s.",
        ]
    lines += [
        "",
        FOOTNOTE,
        "",
        "```text",
        PROGRAM.rstrip(),
        "```",
    ]
    return "\n".join(lines) + "\n"


def _circumstances() -> str:
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {platform.system()}, {os.cpu_count()} processors shared with other "
        f"work, Python {platform.python_version()}, packages from a nearby index, LLM Hub itself from a wheel built on "
        f"the spot. Waiting is measured. Typing is counted, at {CHARACTERS_PER_SECOND:g} characters a second. Reading "
        "and thinking are not in it, nor is getting a key: it was in the environment."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "newcomer"
        folder.mkdir()
        wheel = _wheel(Path(temporary))
        ways = [first_call(folder, wheel), first_plugin(folder)]
    page = report(ways)
    sys.stdout.write(page)
    if arguments.write:
        PAGE.write_text(page, encoding="utf-8")
    return int(any(way.seconds > way.limit for way in ways))


if __name__ == "__main__":
    sys.exit(main())
