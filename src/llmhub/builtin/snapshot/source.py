"""Loads the facts that ship in the package."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from llmhub.errors import SourceError
from llmhub.records.context import SourceContext
from llmhub.records.model import ModelRecord, SourceLoad
from llmhub.records.model_json import from_plain

FACTS = Path(__file__).with_name("facts.json.gz")


def load(context: SourceContext, facts: Path = FACTS) -> SourceLoad:
    """The shipped models. Needs no network.

    Raises:
        llmhub.errors.SourceError: the file is missing or damaged, which an installation must not be.
    """
    try:
        document = json.loads(gzip.decompress(facts.read_bytes()))
        wanted = set(context.providers)
        records = tuple(
            from_plain(ModelRecord, {**row, "source": "snapshot"})
            for row in document["records"]
            if not wanted or row["provider"] in wanted
        )
        as_of, origin = document["as_of"], document["origin"]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise SourceError("snapshot", f"{facts} cannot be used ({error}); install llmhub again") from error
    return SourceLoad(
        records=records,
        as_of=as_of,
        warnings=(f"using the facts that ship with LLM Hub, as of {as_of or 'an unknown date'} ({origin})",),
    )
