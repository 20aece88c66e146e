"""The quick answer of `--check` is never another than the long one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from llmhub.errors import InvalidFileError
from llmhub.generate.check import judge, still_holds
from llmhub.generate.emit import render, render_over
from llmhub.generate.present import PresentFile, read_present
from llmhub.records.config import Generated, HubConfig
from llmhub.records.selection import Generation

Run = Callable[..., Generation]


@pytest.fixture
def config(run: Run) -> HubConfig:
    return run().config


def stamps(config: HubConfig) -> Generated:
    assert config.generated is not None
    return config.generated


def present(text: str) -> PresentFile:
    found = read_present(text, "llmhub.yaml")
    assert found is not None
    return found


def test_a_file_as_it_was_made_holds(config: HubConfig) -> None:
    assert still_holds(present(render(config)), stamps(config))


@pytest.mark.parametrize("stamp", ["by", "catalog", "spec_hash", "measured"])
def test_none_holds_that_was_made_from_something_else(config: HubConfig, stamp: str) -> None:
    assert not still_holds(present(render(config)), evolve(stamps(config), **{stamp: "other"}))


def test_dates_in_reasons_must_be_those_of_the_data_as_it_is_now(run: Run, config: HubConfig) -> None:
    """The fingerprint of a catalog leaves out when its data was fetched; a reason may tell it."""
    text = render(config).replace("1452 (LMArena)", "1452 (LMArena 2025-12-11)")
    document = present(text)
    from llmhub.generate.decided import content_hash

    dated = present(text.replace(str(stamps(config).content), content_hash(document.values)))
    assert still_holds(dated, stamps(config), ["2025-12-11", "2026-07-02"])
    assert not still_holds(dated, stamps(config), ["2026-07-02"])
    assert still_holds(dated, stamps(config)), "unless dates are left out of account"


LINES = [
    "# a remark",
    "    timeout: 5",
    "    x-owner: me",
    "    pinned: true",
    "    params: {temperature: 0.1}",
    "  other: {provider: openai, model: m}",
    "defaults: {provider: openai, model: m}",
    "selector: mine",
    "",
]


@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_edited_what_holds_would_come_out_the_same(config: HubConfig, data: st.DataObject) -> None:
    lines = render(config).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        edit = data.draw(st.sampled_from(["drop", "double", "swap", "insert", "letter"]))
        if edit == "drop":
            del lines[at]
        elif edit == "double":
            lines.insert(at, lines[at])
        elif edit == "swap" and at:
            lines[at - 1], lines[at] = lines[at], lines[at - 1]
        elif edit == "insert":
            lines.insert(at, data.draw(st.sampled_from(LINES)))
        elif lines[at]:
            place = data.draw(st.integers(0, len(lines[at]) - 1))
            lines[at] = lines[at][:place] + data.draw(st.sampled_from("a0 #:\"'-")) + lines[at][place + 1 :]
    try:
        edited = read_present("\n".join(lines) + "\n", "llmhub.yaml")
    except InvalidFileError:
        return
    if edited is not None and still_holds(edited, stamps(config)):
        assert render_over(config, edited) == edited.text


@given(remark=st.text(alphabet="abc é#:'", max_size=20))
@example(remark="")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_remark_of_ones_own_leaves_it_holding(config: HubConfig, remark: str) -> None:
    text = render(config).replace("  chat:\n", f"  # {remark}".rstrip() + "\n  chat:\n")
    assert still_holds(present(text), stamps(config))


def test_the_long_answer_names_what_differs_beside_roles(config: HubConfig) -> None:
    text = render(config)
    values = present(text).values
    edited = present(text.replace("env_key: OPENAI_API_KEY", "env_key: OTHER"))
    assert judge(edited, text, values).other == ("providers",)
    assert judge(present(text.replace("env: staging\n", "env: 'staging'\n")), text, values).other == ("layout",)
    assert judge(present(text), text, values).up_to_date
