from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from llmhub.catalog.sources import run_sources
from llmhub.errors import SourceError
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import ModelRecord, SourceLoad

MakeContext = Callable[..., SourceContext]


def giving(name: str, *models: str, **options: Any) -> CatalogSource:
    records = tuple(ModelRecord(source=name, provider="host", model_id=model) for model in models)
    return CatalogSource(name=name, load=lambda _: SourceLoad(records=records, as_of="2026-07-02"), **options)


def failing(name: str, error: Exception) -> CatalogSource:
    def load(context: SourceContext) -> SourceLoad:
        raise error

    return CatalogSource(name=name, load=load)


def test_sources_run_side_by_side_and_answer_in_their_order(make_context: MakeContext) -> None:
    both_run = threading.Barrier(2, timeout=5)

    def load(context: SourceContext) -> SourceLoad:
        both_run.wait()
        return SourceLoad()

    loaded = run_sources([CatalogSource(name="b", load=load), CatalogSource(name="a", load=load)], make_context(), 5)
    assert [(one.state.name, one.state.ok) for one in loaded] == [("b", True), ("a", True)]


def test_a_source_that_fails_takes_nothing_with_it(make_context: MakeContext) -> None:
    broken = failing("broken", SourceError("broken", "the mirror is gone"))
    strange = failing("strange", ZeroDivisionError("division by zero"))
    loaded = run_sources([broken, strange, giving("good", "m-1")], make_context(), 5)
    assert [(one.state.ok, one.state.records) for one in loaded] == [(False, 0), (False, 0), (True, 1)]
    assert loaded[0].warnings == ("broken: the mirror is gone",)
    assert loaded[1].warnings == ("strange: failed with ZeroDivisionError: division by zero",)
    assert loaded[2].state.as_of == "2026-07-02"


def test_a_source_that_hangs_is_left_behind_at_its_time_limit(make_context: MakeContext) -> None:
    release = threading.Event()

    def load(context: SourceContext) -> SourceLoad:
        release.wait(10)
        return SourceLoad()

    started = time.monotonic()
    loaded = run_sources([CatalogSource(name="slow", load=load), giving("good", "m-1")], make_context(), 0.1)
    assert time.monotonic() - started < 5
    release.set()
    assert loaded[0].warnings == ("slow: no answer within 0.1 s",)
    assert loaded[1].state.ok


def test_a_source_that_gives_something_else_is_told(make_context: MakeContext) -> None:
    source = CatalogSource(name="odd", load=lambda _: ["m-1"])  # type: ignore[arg-type,return-value]
    (loaded,) = run_sources([source], make_context(), 5)
    assert loaded.warnings == ("odd: gave a list instead of a SourceLoad",)


def test_keys_of_the_environment_never_stand_in_a_warning(make_context: MakeContext) -> None:
    leaking = failing("leaking", RuntimeError("cannot use https://mirror/?key=sk-0123456789"))
    (loaded,) = run_sources([leaking], make_context({"MIRROR_API_KEY": "sk-0123456789"}), 5)
    assert loaded.warnings == ("leaking: failed with RuntimeError: cannot use https://mirror/?key=[key]",)


@pytest.mark.parametrize(
    ("others", "records", "detail"),
    [
        ([giving("main", "m-1")], 0, "not needed: main answered"),
        ([giving("main")], 1, ""),
        ([failing("main", SourceError("main", "gone"))], 1, ""),
        ([], 1, ""),
    ],
)
def test_a_stand_in_is_used_only_where_the_other_gave_nothing(
    make_context: MakeContext, others: list[CatalogSource], records: int, detail: str
) -> None:
    stand_in = giving("floor", "m-0", stands_in_for="main")
    loaded = run_sources([stand_in, *others], make_context(), 5)
    assert (loaded[0].state.name, loaded[0].state.ok) == ("floor", True)
    assert (loaded[0].state.records, loaded[0].state.detail) == (records, detail)


def test_what_a_source_left_out_is_counted_in_its_state(make_context: MakeContext) -> None:
    source = CatalogSource(name="s", load=lambda _: SourceLoad(quarantined=("a/b: no facts", "a/c: no facts")))
    (loaded,) = run_sources([source], make_context(), 5)
    assert loaded.state.detail == "2 entries left out, whole or in part; first: a/b: no facts"
    assert loaded.state.quarantined == 2


def test_a_source_that_serves_an_old_copy_says_so_in_its_state(make_context: MakeContext) -> None:
    source = CatalogSource(name="s", load=lambda _: SourceLoad(warnings=("offline; using the copy of 2026-11-01",)))
    (loaded,) = run_sources([source], make_context(), 5)
    assert (loaded.state.ok, loaded.state.detail) == (True, "offline; using the copy of 2026-11-01")
