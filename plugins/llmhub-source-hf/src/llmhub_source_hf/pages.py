"""Fetches all rows of a split from the dataset viewer of Hugging Face, page by page, politely.

The viewer answers at most 100 rows at a time and turns anonymous callers away (429) after a few hundred requests: so
a few pages are asked for at a time, and the first page that cannot be had ends the asking. Pages that were kept from
earlier serve in place of new ones, but pages of two states of the dataset are never put together.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

from llmhub.errors import SourceError
from llmhub.records.context import Fetched, FetchJson

Row = Mapping[str, Any]

PAGE_LENGTH = 100
"""Rows of a page: the most the viewer gives."""

MOST_PAGES = 300
AT_A_TIME = 4
LARGEST_LOSS = 0.3
DATE = "leaderboard_publish_date"


@frozen(kw_only=True)
class Pages:
    """All rows of a split in order, when the oldest page was downloaded, and what is to be told."""

    rows: Sequence[Row] = field(repr=False)
    fetched_at: str
    warnings: tuple[str, ...] = ()


def fetch_pages(address: str, fetch_json: FetchJson, *, time_limit: float) -> Pages:
    """Every row of the split at *address*, all of one state of the dataset, within *time_limit* seconds.

    Raises:
        SourceError: a page cannot be had, there is more than could be asked for, or the pages do not fit together.
    """
    deadline = time.monotonic() + time_limit
    first = _page(address, 0, fetch_json)
    total: int = first.document["num_rows_total"]
    if total > MOST_PAGES * PAGE_LENGTH:
        raise SourceError(
            first.url, f"has {total:,} rows, more than the {MOST_PAGES * PAGE_LENGTH:,} that are asked for"
        )
    offsets = range(PAGE_LENGTH, total, PAGE_LENGTH)
    pages = [first, *_side_by_side(address, offsets, fetch_json, deadline)]
    _check_one_state(pages, total)
    return Pages(
        rows=[entry["row"] for page in pages for entry in page.document["rows"]],
        fetched_at=min(page.fetched_at for page in pages),
        warnings=_told(pages),
    )


def check(document: Any, previous: Any) -> None:
    """Refuse what is no page, or a page of a dataset that has lost much of the rows it had in *previous*.

    Raises:
        ValueError: with the reason.
    """
    total = document.get("num_rows_total") if isinstance(document, Mapping) else None
    rows = document.get("rows") if isinstance(document, Mapping) else None
    if not isinstance(total, int) or isinstance(total, bool) or total < 1 or not isinstance(rows, list):
        raise ValueError("is not a page of rows: `rows` and `num_rows_total` are expected")
    if not all(isinstance(entry, Mapping) and isinstance(entry.get("row"), Mapping) for entry in rows):
        raise ValueError("has an entry without a row")
    if document.get("partial"):
        raise ValueError("holds only a part of the dataset")
    if previous is not None and total < (1 - LARGEST_LOSS) * previous["num_rows_total"]:
        raise ValueError(f"counts {total:,} rows where the copy before counted {previous['num_rows_total']:,}")


def _page(address: str, offset: int, fetch_json: FetchJson) -> Fetched:
    return fetch_json(f"{address}&offset={offset}&length={PAGE_LENGTH}", accept=check)


def _side_by_side(address: str, offsets: Sequence[int], fetch_json: FetchJson, deadline: float) -> Sequence[Fetched]:
    """The pages at *offsets*, a few at a time; the first that fails ends it."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for offset in offsets:
        waiting.put(offset)
    answers: queue.SimpleQueue[tuple[int, Fetched | SourceError]] = queue.SimpleQueue()
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            try:
                offset = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                answers.put((offset, _page(address, offset, fetch_json)))
            except SourceError as error:
                answers.put((offset, error))
            except Exception as error:  # a worker that ended without a word would be waited for
                answers.put((offset, SourceError("lmarena_dataset", f"failed with {type(error).__name__}: {error}")))

    # Daemons, because a page that hangs must not keep the program from ending.
    for number in range(min(AT_A_TIME, len(offsets))):
        threading.Thread(target=work, name=f"llmhub-source-hf-{number}", daemon=True).start()
    found: dict[int, Fetched] = {}
    try:
        while len(found) < len(offsets):
            offset, answer = answers.get(timeout=max(0.001, deadline - time.monotonic()))
            if isinstance(answer, SourceError):
                raise SourceError(answer.source, f"{answer.reason} (rows from {offset:,} on)") from answer
            found[offset] = answer
    except queue.Empty:
        reason = f"{len(found) + 1} of {len(offsets) + 1} pages came in time"
        raise SourceError("lmarena_dataset", reason) from None
    finally:
        stop.set()
    return [found[offset] for offset in offsets]


def _check_one_state(pages: Sequence[Fetched], total: int) -> None:
    """Refuse pages of two states of the dataset: some rows would be missing, others there twice."""
    totals = Counter(page.document["num_rows_total"] for page in pages)
    if len(totals) > 1:
        counts = " and ".join(f"{count:,}" for count in sorted(totals))
        raise SourceError("lmarena_dataset", f"the dataset changed while it was read: its pages count {counts} rows")
    received = sum(len(page.document["rows"]) for page in pages)
    if received != total:
        raise SourceError("lmarena_dataset", f"the pages hold {received:,} rows where the dataset counts {total:,}")
    kept, new = _dates(page for page in pages if page.stale_reason), _dates(p for p in pages if not p.stale_reason)
    if kept and new and max(kept) != max(new):
        raise SourceError(
            "lmarena_dataset", f"some pages are new, of {max(new)}, and others are only kept from {max(kept)}"
        )


def _dates(pages: Any) -> set[str]:
    return {
        date for page in pages for entry in page.document["rows"] if isinstance(date := entry["row"].get(DATE), str)
    }


def _told(pages: Sequence[Fetched]) -> tuple[str, ...]:
    """Why pages are not fresh: once each, with how many they are."""
    reasons = Counter(page.stale_reason for page in pages if page.stale_reason)
    return tuple(f"{reason} ({count} of {len(pages)} pages)" for reason, count in reasons.items())
