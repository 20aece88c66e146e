"""Building distributions and looking at what was built."""

from __future__ import annotations

import hashlib
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from release import ReleaseError
from release.commands import run
from release.versions import CORE, Distribution

SUMS = "SHA256SUMS"
NEEDED = ("llmhub/py.typed", "llmhub/builtin/snapshot/facts.json.gz")
"""What the core does not work without, or not as promised, and no test of the source tree would miss."""
STRANGE = ("reports/", ".env", "tests/", ".git/", ".nox/", "__pycache__/", "benchmarks.json", "tools/release")
"""What has no business in a wheel."""
STRANGE_IN_SOURCES = ("reports/", ".env", ".git/", ".nox/", "__pycache__/", "benchmarks.json", ".hypothesis/")


def build(released: Sequence[Distribution], into: Path, date: str) -> list[Path]:
    """The sdist and wheel of each, dated *date* (Unix time): the same bytes whoever builds them, and whenever.

    Raises:
        ReleaseError: a build failed, or a second one gave other bytes.
    """
    again = into.parent / "again"
    for folder in (into, again):
        for one in released:
            command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(one.folder)]
            run(command, where=one.folder, SOURCE_DATE_EPOCH=date)
    built = sorted(into.iterdir())
    different = [file.name for file in built if file.read_bytes() != (again / file.name).read_bytes()]
    if different:
        raise ReleaseError(f"not reproducible: two builds differ in {', '.join(different)}")
    return built


def contents(file: Path) -> list[str]:
    """The paths in a wheel, or in an sdist below its top folder."""
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            return wheel.namelist()
    with tarfile.open(file) as sdist:
        return [name.partition("/")[2] for name in sdist.getnames()]


def look_into(files: Iterable[Path]) -> None:
    """Compare what was built with what belongs there.

    Raises:
        ReleaseError: something is missing, or too much; all of it at once.
    """
    problems: list[str] = []
    for file in files:
        names, is_wheel = contents(file), file.suffix == ".whl"
        strange = STRANGE if is_wheel else STRANGE_IN_SOURCES
        problems += [
            f"{file.name} holds {name}, which does not belong there"
            for name in names
            if any(f"/{part}" in f"/{name}" for part in strange)
        ]
        if is_wheel and file.name.startswith(f"{CORE}-"):
            problems += [f"{file.name} lacks {name}" for name in NEEDED if name not in names]
    if problems:
        raise ReleaseError(*problems)


def try_out(files: Sequence[Path], core: Path, where: Path) -> Path:
    """Install the wheels in a fresh environment and run them; the environment's Python.

    *core*: the source of llmhub, for plugins that are released alone.
    """
    folder = where / "fresh"
    run([sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, folder], where=where)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    wheels = [file for file in files if file.suffix == ".whl"]
    sources = [] if any(wheel.name.startswith(f"{CORE}-") for wheel in wheels) else [core]
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(programs / "python")]
    run([*install, *wheels, *sources], where=where)
    run([programs / "llmhub", "demo"], where=where, LLMHUB_OFFLINE="1", LLMHUB_CACHE_DIR=str(where / "cache"))
    run([programs / "llmhub", "plugins"], where=where, LLMHUB_STRICT_PLUGINS="1")
    return programs / "python"


def write_bill(python: Path, file: Path, where: Path) -> Path:
    """What an installation of the release consists of, as a CycloneDX document in JSON."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--of", "JSON"]
    run([*command, "--output-file", file, python], where=where)
    return file


def write_sums(files: Iterable[Path], folder: Path) -> Path:
    """SHA-256 of each file, as `sha256sum --check` reads it."""
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files)]
    sums = folder / SUMS
    sums.write_text("".join(lines), encoding="utf-8")
    return sums
