"""What someone who follows the models would take, held against what is chosen on the catalog of July 2026."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from llmhub.builtin.heuristic.need import need_of
from llmhub.builtin.heuristic.select import Market, decide
from llmhub.config.yaml import read_document
from llmhub.errors import SelectionError
from llmhub.records.selection import Selection
from llmhub.records.spec import HubSpec

MakeSpec = Callable[..., HubSpec]
Case = Mapping[str, Any]

TABLE = Path(__file__).parent / "expert_roles.yaml"
CASES: Mapping[str, Case] = read_document(TABLE.read_text(encoding="utf-8"), TABLE.name).value


def cases_with(key: str) -> Any:
    found = {name: case for name, case in CASES.items() if key in case}
    return pytest.mark.parametrize("case", found.values(), ids=list(found))


@cases_with("accept")
def test_an_expert_would_accept_the_choice(case: Case, real_market: Market, make_spec: MakeSpec) -> None:
    selection = decided(case, real_market, make_spec)
    chosen = selection.chosen.canonical_id
    assert any(fnmatchcase(chosen, pattern) for pattern in case["accept"]), f"{chosen}, though {case['why']}"
    for model in (selection.chosen, *selection.fallbacks):
        refused = [pattern for pattern in case.get("refuse", ()) if fnmatchcase(model.canonical_id, pattern)]
        assert not refused, f"{model.canonical_id}, though {case['why']}"
    assert len(selection.fallbacks) == case["role"].get("fallbacks", 0)


@cases_with("error")
def test_an_impossible_role_is_an_error_that_says_what_would_help(
    case: Case, real_market: Market, make_spec: MakeSpec
) -> None:
    with pytest.raises(SelectionError) as caught:
        decided(case, real_market, make_spec)
    missing = [word for word in case["error"] if word not in str(caught.value)]
    assert not missing, str(caught.value)


def test_the_table_is_large_and_gives_its_reasons() -> None:
    assert len(CASES) >= 70
    assert [name for name, case in CASES.items() if not case.get("why")] == []


def decided(case: Case, market: Market, make_spec: MakeSpec) -> Selection:
    spec = make_spec({"r": case["role"]}, providers={name: {} for name in case["providers"]})
    return decide(need_of("r", spec), spec, market).selection
