from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.testing import OK, Fault, Script
from llmhub.testing.faults import Scripts, known_words

seconds = st.floats(min_value=0, max_value=1e6, allow_nan=False)
faults = st.one_of(
    st.builds(
        Fault,
        kind=st.just("status"),
        status=st.integers(400, 599),
        retry_after=seconds,
        retry_after_form=st.sampled_from(["seconds", "date"]),
    ),
    st.builds(Fault, kind=st.just("status"), status=st.integers(400, 599)),
    st.builds(Fault, kind=st.sampled_from(["hang", "slow", "pace"]), seconds=seconds),
    st.builds(Fault, kind=st.sampled_from(["cut", "reset"]), chunks=st.integers(0, 10_000)),
    st.builds(Fault, kind=st.sampled_from(["ok", "bad-json", "no-finish", "empty", "filtered", "context-length"])),
)


@given(faults)
def test_a_fault_is_written_as_the_word_it_is_read_from(fault: Fault) -> None:
    assert Fault.parse(str(fault)) == fault


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("500", Fault(kind="status", status=500)),
        ("429-2", Fault(kind="status", status=429, retry_after=2)),
        ("503-0.5", Fault(kind="status", status=503, retry_after=0.5)),
        ("429-date-3", Fault(kind="status", status=429, retry_after=3, retry_after_form="date")),
        ("hang-5", Fault(kind="hang", seconds=5)),
        ("cut-0", Fault(kind="cut", chunks=0)),
        ("content-filter", Fault(kind="content-filter")),
        ("ok", OK),
    ],
)
def test_each_word_names_a_fault(word: str, fault: Fault) -> None:
    assert Fault.parse(word) == fault


@pytest.mark.parametrize("word", ["", "200", "666", "hang", "hang-x", "cut-1.5", "explode", "ok-1", "429-", "-1"])
def test_an_unknown_word_is_answered_with_those_there_are(word: str) -> None:
    with pytest.raises(ValueError, match=r"there are 400 to 599, .*, hang-SECONDS, .*bad-json") as raised:
        Fault.parse(word)
    assert all(known in str(raised.value) for known in known_words())


@pytest.mark.parametrize(
    "fields",
    [{"kind": "status", "status": 99}, {"kind": "hang", "seconds": -1.0}, {"kind": "cut", "chunks": -1}],
)
def test_a_fault_that_makes_no_sense_cannot_be_made(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Fault(**fields)  # type: ignore[arg-type]


def test_a_script_is_played_in_order_and_then_its_afterwards_for_ever() -> None:
    scripts = Scripts()
    scripts.play("m", Script(faults=(Fault.parse("500"), OK), afterwards=Fault.parse("503")))

    assert [str(scripts.fault_for("m")) for _ in range(5)] == ["500", "ok", "503", "503", "503"]


def test_a_script_for_any_model_leaves_alone_a_model_with_its_own() -> None:
    scripts = Scripts()
    scripts.always("*", Fault.parse("503"))
    scripts.always("good", OK)

    assert scripts.fault_for("good") == OK
    assert scripts.fault_for("other") == Fault.parse("503")
