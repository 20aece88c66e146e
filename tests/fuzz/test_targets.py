"""Whatever bytes stand where outside data is read, they are read or refused in words: no other exception, no hang."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.damage import damaged
from tests.fuzz.targets import TARGETS, seeds, words

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_sound_and_what_once_broke_something_is_read_or_refused(name: str, tmp_path: Path) -> None:
    for label, content in seeds(name).items():
        try:
            TARGETS[name](content, tmp_path)
        except BaseException as fault:
            fault.add_note(f"input: tests/fuzz/corpus/{name}/{label}")
            raise


@pytest.mark.parametrize("name", TARGETS)
def test_anything_is_read_or_refused(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, known = tmp_path_factory.mktemp(name), seeds(name)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,  # the first call of a provider imports any-llm, and most inputs go through a file
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(sorted(known)), st.data(), st.binary(max_size=200))
    def read(label: str, data: st.DataObject, anything: bytes) -> None:
        content = damaged(known[label], words(name), lambda end: data.draw(st.integers(0, end - 1)))
        TARGETS[name](content, folder)
        TARGETS[name](anything, folder)

    read()
