"""Coverage-guided fuzzing of every parser of outside data: `nox -s fuzz -- --seconds 60 --target spec`.

Each target runs in a process of its own for so many seconds. What breaks one is kept as a file, and named; put into
`tests/fuzz/corpus/<target>/` it is tried by every run of the tests.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LONGEST = 65_536
"""Bytes of an input: several times the largest seed."""

TIMEOUT = 60
"""Seconds after which a single input counts as a hang."""


def main() -> int:
    """Fuzz the asked targets, or all; 1 when one was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="how long each target is fuzzed (default: 10)")
    parser.add_argument("--target", action="append", help="one of the targets, may be given several times")
    parser.add_argument("--findings", type=Path, default=Path(".fuzz"), help="where inputs that break something go")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        print(
            "fuzzing needs atheris, which has no wheel for this platform or Python; hypothesis still runs in the tests"
        )
        return 0
    if asked.inside:
        _fuzz(asked.inside, asked.seconds, asked.findings)
    from tests.fuzz.targets import TARGETS

    unknown = [name for name in asked.target or () if name not in TARGETS]
    if unknown:
        parser.error(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    asked.findings.mkdir(parents=True, exist_ok=True)
    broken = [name for name in asked.target or TARGETS if not _ran_well(name, asked.seconds, asked.findings)]
    print(f"broken: {', '.join(broken)}" if broken else "every target held")
    return 1 if broken else 0


def _ran_well(name: str, seconds: int, findings: Path) -> bool:
    """Fuzz one target in a process of its own, and tell how many inputs it read."""
    command = [sys.executable, "-m", "tests.fuzz", "--inside", name, "--seconds", str(seconds)]
    command += ["--findings", str(findings.absolute())]
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    said = ran.stdout + ran.stderr
    counted = re.search(r"stat::number_of_executed_units:\s*(\d+)", said) or re.search(r"Done (\d+) runs", said)
    coverage = re.findall(r"cov: (\d+)", said)
    told = f"{int(counted[1]):>9,} inputs" if counted else "  unknown inputs"
    print(f"{name:14} {told}, {coverage[-1] if coverage else '?'} edges: {'ok' if ran.returncode == 0 else 'BROKEN'}")
    if ran.returncode != 0:
        said_last = [line for line in ran.stdout.splitlines()[-40:] if "INFO" not in line]
        print("\n".join([*said_last, *re.findall(r"Test unit written to (.*)", said)]))
    sys.stdout.flush()
    return ran.returncode == 0


def _fuzz(name: str, seconds: int, findings: Path) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"fuzz-{name}-", dir=_memory())))
        corpus, work = folder / "corpus", folder / "work"
        corpus.mkdir()
        work.mkdir()
        os.environ["LLMHUB_CACHE_DIR"] = str(work)
        with atheris.instrument_imports(include=["llmhub", "llmhub_source_hf"]):
            from tests.fuzz.targets import TARGETS, seeds, words

            target = TARGETS[name]
            for label, content in seeds(name).items():
                (corpus / label).write_bytes(content)
                target(content, work)  # so that what is imported at first need is watched, too
        from tests.fuzz.damage import damaged

        def exchanged(content: bytes, longest: int, seed: int) -> bytes:
            chance = random.Random(seed)
            if chance.random() < 0.5:
                return bytes(atheris.Mutate(content, longest))
            return damaged(content, words(name), chance.randrange)[:longest]

        atheris.Setup(
            [
                *(name, str(corpus), f"-max_total_time={seconds}", f"-timeout={TIMEOUT}", f"-max_len={LONGEST}"),
                *(f"-artifact_prefix={findings}/{name}-", "-print_final_stats=1", "-rss_limit_mb=4096"),
            ],
            lambda content: target(content, work),
            custom_mutator=exchanged,
        )
        atheris.Fuzz()


def _memory() -> str | None:
    """Where files are written a hundred times faster, on Linux."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


if __name__ == "__main__":
    sys.exit(main())
