"""Prints how long `llmhub generate` takes for 100 roles, and `--check` on a project that has not changed.

    python -m tests.benchmarks.generate [--data FOLDER] [--rounds N]

Over the stored catalog of the real files. `generate` is timed inside one process, from spec and stored catalog to the
text of the file, and as a whole process; `--check` as a whole process, beside `python -c pass`. Medians.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

DATA = Path(__file__).parents[2] / "../shared/data"

PREFERENCES = (
    "{cost: low, latency: low, quality: medium}",
    "{cost: medium, quality: high}",
    "{quality: high, reasoning: high}",
    "{cost: low, needs: [tools, structured_output]}",
    "{cost: medium, context_min: 200000}",
    "{creativity: high}",
    "{needs: [vision], max_price_output: 20}",
    "{open_weights: true}",
    "{quality: high, latency: low}",
)


def spec_of(count: int) -> str:
    """A spec of so many roles, all different, one in ten of them for embeddings, each with a fallback."""
    head = "project: bench\nproviders: {openai: {}, anthropic: {}, gemini: {}, mistral: {}, groq: {}}\nroles:\n"
    roles = (
        f"  role.{number}: {{kind: embedding, description: Role {number}, preferences: {{cost: low}}}}\n"
        if number % 10 == 9
        else f"  role.{number}: {{kind: chat, description: Role {number}, fallbacks: 1, "
        f"preferences: {PREFERENCES[number % len(PREFERENCES)]}}}\n"
        for number in range(count)
    )
    return head + "".join(roles)


def measure(data: Path, rounds: int) -> dict[str, float]:
    """Seconds by what was timed."""
    with tempfile.TemporaryDirectory(prefix="llmhub-bench-") as folder:
        environ = {
            **os.environ,
            "LLMHUB_CACHE_DIR": folder,
            "LLMHUB_MODELS_DEV_URL": (data / "models.dev/api.json").resolve().as_uri(),
            "LLMHUB_ARENA_URL": (data / "arena").resolve().as_uri(),
        }
        _llmhub(folder, environ, "catalog", "refresh")
        environ["LLMHUB_OFFLINE"] = "1"
        found = {"python -c pass": _timed(lambda: _python(folder, environ, "-c", "pass"), rounds)}
        for count in (3, 100):
            (Path(folder) / "llmhub.spec.yaml").write_text(spec_of(count), encoding="utf-8")
            _llmhub(folder, environ, "generate", "--yes")
            found[f"generate, {count} roles, in one process"] = inside(Path(folder), environ, rounds)
            for name, arguments in (("generate", ("--dry-run",)), ("generate --check", ("--check",))):
                run = lambda arguments=arguments: _llmhub(folder, environ, "generate", *arguments)  # noqa: E731
                found[f"{name}, {count} roles, whole process"] = _timed(run, rounds)
    return found


def inside(folder: Path, environ: dict[str, str], rounds: int) -> float:
    """Seconds from spec and stored catalog to the text of the file, imports paid before."""
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.catalog import load_catalog
    from llmhub.config.load import load_spec
    from llmhub.generate.emit import render
    from llmhub.generate.run import generate
    from llmhub.host import PluginHost

    host = PluginHost.from_environment(environ)

    def once() -> None:
        spec = load_spec(folder / "llmhub.spec.yaml", known_providers=PROVIDER_NAMES)
        catalog = load_catalog(environ, host)
        made = generate(
            spec,
            catalog.models.values(),
            catalog.statistics,
            generators=host.generators(),
            scorers=host.scorers(),
            catalog_fingerprint=catalog.fingerprint,
        )
        assert render(made.config)

    once()
    return _timed(once, rounds)


def _timed(action, rounds: int) -> float:
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        spent.append(time.perf_counter() - began)
    return median(spent)


def _llmhub(folder: str, environ: dict[str, str], *arguments: str) -> None:
    _python(folder, environ, "-m", "llmhub", "--quiet", *arguments)


def _python(folder: str, environ: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=folder, env=environ, stdout=subprocess.DEVNULL, check=True)


BARS = {"generate, 100 roles, in one process": 1.0, "generate --check, 3 roles, whole process": 0.5}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.generate")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"nothing is measured: the real files are not at hand ({options.data})", file=sys.stderr)
        return 0
    print(f"Python {platform.python_version()}, {platform.platform()}, median of {options.rounds}\n")
    for name, seconds in measure(options.data, options.rounds).items():
        limit = BARS.get(name)
        verdict = "" if limit is None else f"bar {limit:g} s  {'ok' if seconds <= limit else 'MISSED'}"
        print(f"{name:<44}  {seconds:7.3f} s  {verdict}".rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
