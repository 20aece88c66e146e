"""A catalog in memory, asked from many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from llmhub_server.catalog_api.shelf import REMEMBERED, Kept

from .conftest import MODELS, made


def test_what_was_worked_out_is_remembered_up_to_a_number_whichever_thread_asks() -> None:
    kept = Kept(catalog=made(*MODELS), models=MODELS, listings={}, tag="", stamp=None, read_at=datetime.now(UTC))

    def ask(thread: int) -> bool:
        keys = [(number * (thread + 1)) % (2 * REMEMBERED) for number in range(3000)]
        return all(kept.once(key, lambda key=key: f"answer {key}") == f"answer {key}" for key in keys)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))
    assert len(kept._worked_out) <= REMEMBERED + 8
    assert kept.once("new", lambda: "first") == kept.once("new", lambda: "second") == "first"
