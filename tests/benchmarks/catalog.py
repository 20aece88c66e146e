"""Prints how long a catalog takes to build from the real files and to load, and with how much memory.

    python -m tests.benchmarks.catalog [--data FOLDER] [--rounds N]

Each round is a process of its own. `build, all known` takes every model of models.dev's file, under models.dev's own
name for providers that any-llm has none for; `refresh` is what `llmhub catalog refresh` does, with download copies,
generations and all sources, but without keys. `import and load` begins with an interpreter that has imported nothing;
`load` is the part of it that reads the stored catalog, and `look at all` goes on to make every model of it.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(__file__).parents[2] / "../shared/data"
BARS = {"build, all known": 2.0, "import and load": 0.060, "load": 0.060}
"""Seconds, for the least disturbed of all rounds."""

LOADING = """
import time
began = time.perf_counter()
from llmhub.catalog import load_catalog
imported = time.perf_counter()
catalog = load_catalog()
loaded = time.perf_counter()
models = sum(1 for _ in catalog)
made = time.perf_counter()
from tests.benchmarks.catalog import tell
tell(models, {"import and load": loaded - began, "load": loaded - imported, "look at all": made - loaded})
"""


def measure(data: Path, rounds: int) -> dict[str, dict[str, float]]:
    """For each work the shortest and the median seconds of *rounds* processes, and the largest peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "LLMHUB_CACHE_DIR": folder,
            "LLMHUB_MODELS_DEV_URL": str(data / "models.dev"),
            "LLMHUB_ARENA_URL": str(data / "arena"),
        }
        found: dict[str, dict[str, float]] = {}
        for name in WORKS:
            command = [sys.executable, "-m", "tests.benchmarks.catalog", "--data", str(data), "--work", name]
            found |= _measured(command, environ, rounds)
        return found | _measured([sys.executable, "-c", LOADING], environ, rounds)


def _measured(command: list[str], environ: dict[str, str], rounds: int) -> dict[str, dict[str, float]]:
    def run():
        return json.loads(subprocess.run(command, env=environ, check=True, capture_output=True).stdout)

    run()  # bytecode cached, files warm
    answers = [run() for _ in range(rounds)]
    return {
        name: {
            "minimum": min(answer["seconds"][name] for answer in answers),
            "median": statistics.median(answer["seconds"][name] for answer in answers),
            "peak_mib": max(answer["peak_mib"] for answer in answers),
            "models": answers[0]["models"],
        }
        for name in answers[0]["seconds"]
    }


def tell(models: int, seconds: dict[str, float]) -> None:
    """Answer the process that measures."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    print(json.dumps({"models": models, "seconds": seconds, "peak_mib": peak}))


def all_known(data: Path) -> int:
    """Parse, link, fuse and tier all of models.dev's models with both kinds of scores."""
    from datetime import UTC, datetime

    from llmhub.builtin.lmarena.leaderboard import read_leaderboard
    from llmhub.builtin.models_dev.benchmarks import read_benchmarks
    from llmhub.builtin.models_dev.document import read_document
    from llmhub.builtin.models_dev.providers import any_llm_providers
    from llmhub.builtin.tiers import llmhub_tier_derivers
    from llmhub.catalog.build import build_catalog
    from llmhub.records.context import SourceContext
    from llmhub.records.contributions import CatalogSource
    from llmhub.records.model import ModelRecord, SourceLoad

    def parsed(file):
        return json.loads((data / file).read_bytes())

    def models(_):
        scores, _ = read_benchmarks(parsed("models.dev/models.json"))
        records = tuple(
            ModelRecord(
                source="models_dev",
                provider=provider,
                model_id=model.model_id,
                facts=model.facts,
                scores=scores.get((model.provider, model.model_id), ()),
            )
            for model in read_document(parsed("models.dev/api.json")).models
            for provider in any_llm_providers(model.provider, model.model_id) or (model.provider,)
        )
        return SourceLoad(records=records)

    def ratings(_):
        return SourceLoad(records=read_leaderboard(parsed("arena/leaderboard-text-style-control.json")).records)

    def unused(*_, **__):
        raise AssertionError("files need no network")

    sources = [
        CatalogSource(name="models_dev", load=models, priority=60),
        CatalogSource(name="lmarena", load=ratings, priority=40),
    ]
    context = SourceContext(
        environ={}, now=lambda: datetime.now(UTC), fetch_json=unused, progress=lambda _: None, offline=True
    )
    return len(build_catalog(sources, llmhub_tier_derivers(), context))


def refresh(_: Path) -> int:
    from llmhub.catalog import refresh_catalog

    return len(refresh_catalog())


WORKS = {"build, all known": all_known, "refresh": refresh}


def bars(measured):
    """Name, value, bar and unit of each line of the table."""
    for name, found in measured.items():
        yield f"catalog of {found['models']}: {name}, at best", found["minimum"], BARS.get(name), "s"
        yield f"  {name}, median", found["median"], None, "s"
        yield f"  {name}, peak memory", found["peak_mib"], None, "MiB"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.catalog")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the real files")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--work", choices=WORKS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"the real files are not at hand ({options.data})", file=sys.stderr)
        return 1
    if options.work:
        began = time.perf_counter()
        models = WORKS[options.work](options.data)
        tell(models, {options.work: time.perf_counter() - began})
        return 0
    for name, found in measure(options.data, options.rounds).items():
        bar = f", bar {BARS[name] * 1000:g} ms" if name in BARS else ""
        print(
            f"{name:<16} {found['models']} models: {found['minimum'] * 1000:7.1f} ms at best, "
            f"{found['median'] * 1000:7.1f} ms median{bar}; peak {found['peak_mib']:.0f} MiB"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
