"""Loads the ratings of LMArena's official dataset."""

from __future__ import annotations

from llmhub.errors import SourceError
from llmhub.records.context import SourceContext
from llmhub.records.model import SourceLoad
from llmhub_source_hf.pages import fetch_pages
from llmhub_source_hf.ratings import OVERALL, read_ratings

DEFAULT_URL = "https://datasets-server.huggingface.co"
URL_VARIABLE = "LLMHUB_HF_DATASETS_URL"
QUERY = "dataset=lmarena-ai%2Fleaderboard-dataset&config=text_style_control&split=latest"
"""With style control, length and layout of an answer do not count; the site shows it so since 2025-05-16."""

TIME_LIMIT = 50.0
"""Seconds for all pages; the catalog gives a source 60."""


def load(context: SourceContext, time_limit: float = TIME_LIMIT) -> SourceLoad:
    """The latest ratings of every model on the text board, in every category.

    Raises:
        llmhub.errors.SourceError: a page cannot be had, the pages are not of one state of the dataset, or they hold no
            ratings.
    """
    base = (context.environ.get(URL_VARIABLE) or DEFAULT_URL).rstrip("/")
    pages = fetch_pages(f"{base}/rows?{QUERY}", context.fetch_json, time_limit=time_limit)
    context.progress(f"lmarena_dataset: {len(pages.rows)} rows")
    ratings = read_ratings(pages.rows)
    if not any(score.category == OVERALL for record in ratings.records for score in record.scores):
        raise SourceError("lmarena_dataset", f"{len(pages.rows)} rows hold no overall rating of any model")
    return SourceLoad(
        records=ratings.records,
        as_of=ratings.as_of,
        fetched_at=pages.fetched_at,
        quarantined=ratings.quarantined,
        warnings=(*ratings.warnings, *pages.warnings),
    )
