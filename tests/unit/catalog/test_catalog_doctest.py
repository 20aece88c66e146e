"""The examples in the docstrings of the catalog's public face run."""

from __future__ import annotations

import doctest

import pytest

from llmhub.catalog import catalog


@pytest.mark.parametrize("module", [catalog], ids=lambda module: module.__name__)
def test_the_examples_of_a_docstring_hold(module: object) -> None:
    ended = doctest.testmod(module)  # type: ignore[arg-type]
    assert ended.attempted > 0
    assert ended.failed == 0
