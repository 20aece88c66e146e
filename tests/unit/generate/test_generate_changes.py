"""What differs between two configurations, and what a change of model costs or gains."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.generate.changes import DEFAULTS, changes
from llmhub.generate.effects import Effect, Mix, Standing, Traffic, standing
from llmhub.records.model import CanonicalModel

MIX = Mix(input_per_output=3.0, source="a test")

settings = st.dictionaries(
    st.sampled_from(["provider", "model", "mode", "timeout", "reason", "x-note"]),
    st.sampled_from(["a", "b", 1]),
    max_size=4,
)
roles = st.dictionaries(
    st.sampled_from(["one", "two", "three", "x-all"]),
    st.builds(
        lambda role, params, fallbacks: {**role, "params": params, "fallbacks": fallbacks},
        settings,
        st.dictionaries(st.sampled_from(["temperature", "top_p"]), st.floats(0, 1)),
        st.lists(settings, max_size=2),
    ),
)
files = st.builds(lambda roles, defaults: {"roles": roles, "defaults": defaults}, roles, st.none() | settings)


class TestChanges:
    @given(file=files)
    def test_nothing_differs_from_itself(self, file: dict[str, Any]) -> None:
        assert changes(file, file) == ()

    @given(before=files, after=files)
    def test_the_way_back_tells_the_same_the_other_way_round(
        self, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        there = {one.role: one for one in changes(before, after)}
        back = {one.role: one for one in changes(after, before)}
        assert there.keys() == back.keys()
        opposite = {"added": "removed", "removed": "added", "changed": "changed"}
        for role, change in there.items():
            assert opposite[change.kind] == back[role].kind
            assert (change.before, change.after) == (back[role].after, back[role].before)
            assert {one.field: (one.before, one.after) for one in change.fields} == {
                one.field: (one.after, one.before) for one in back[role].fields
            }

    def test_each_setting_is_named_by_its_place_and_the_reason_comes_last(self) -> None:
        before = {
            "provider": "openai",
            "model": "a",
            "reason": "old",
            "params": {"temperature": 0.2},
            "fallbacks": [{"provider": "groq", "model": "x", "params": {"top_p": 1}}],
        }
        after = {
            "provider": "openai",
            "model": "b",
            "reason": "new",
            "x-note": "mine",
            "params": {"temperature": 0.7, "stop": ["."]},
            "fallbacks": [{"provider": "groq", "model": "x", "params": {"top_p": 0.9}}],
        }
        (change,) = changes({"roles": {"r": before}}, {"roles": {"r": after}})
        assert [one.field for one in change.fields] == [
            "model",
            "fallbacks.1.params.top_p",
            "params.temperature",
            "params.stop",
            "reason",
        ]
        assert not change.only_reason

    def test_defaults_count_as_a_role(self) -> None:
        (change,) = changes({}, {"defaults": {"provider": "openai", "model": "a"}})
        assert (change.role, change.kind, change.after) == (DEFAULTS, "added", "openai:a")

    @pytest.mark.parametrize("odd", [{}, {"roles": 5}, {"roles": {"r": None}}, {"defaults": "x"}])
    def test_a_file_of_an_odd_shape_has_no_roles(self, odd: dict[str, Any]) -> None:
        assert changes(odd, odd) == ()


def model(price: tuple[float, float] | None, **facts: Any) -> CanonicalModel:
    known: dict[str, Any] = {"output_modalities": ("text",)}
    if price:
        known |= {"price_state": "known", "price_input_per_million": price[0], "price_output_per_million": price[1]}
    return CanonicalModel(canonical_id="openai:m", provider="openai", model_id="m", **{**known, **facts})


def stands(price: tuple[float, float] | None, **facts: Any) -> Standing:
    return standing("openai:m", model(price, **facts), MIX)


class TestEffect:
    def test_the_price_is_blended_at_the_roles_own_mix(self) -> None:
        assert stands((1.0, 5.0)).blended == 2.0
        assert standing("openai:m", model((1.0, 5.0)), Mix(input_per_output=1.0, source="")).blended == 3.0

    def test_an_embedding_costs_its_input_alone(self) -> None:
        assert stands((0.02, 0.0), tags=("embedding",), output_modalities=()).blended == 0.02

    @pytest.mark.parametrize(
        "unpriced", [model(None), model((0, 0), price_state="included"), None], ids=["unknown", "included", "no model"]
    )
    def test_what_has_no_known_price_saves_nothing_and_costs_nothing_known(
        self, unpriced: CanonicalModel | None
    ) -> None:
        other = standing("openai:m", unpriced, MIX)
        assert Effect(before=stands((1.0, 5.0)), after=other).saving is None
        assert Effect(before=other, after=stands((1.0, 5.0))).saving is None
        assert Traffic(calls=1, input_tokens=5, output_tokens=5, days=30).cost(other) is None

    @given(st.floats(0.01, 100), st.floats(0.01, 100))
    def test_a_saving_is_above_zero_exactly_where_the_later_one_is_cheaper(self, before: float, after: float) -> None:
        saving = Effect(before=stands((before, before)), after=stands((after, after))).saving
        assert saving is not None
        assert (saving > 0) == (after < before) or saving == pytest.approx(0)
        assert before * (1 - saving) == pytest.approx(after)

    def test_what_only_one_of_them_can_is_gained_or_lost(self) -> None:
        seeing = stands((1, 1), input_modalities=("text", "image"), supports_tool_call=True)
        calling = stands((1, 1), supports_tool_call=True, supports_reasoning=True)
        effect = Effect(before=seeing, after=calling)
        assert (effect.gained, effect.lost) == (("reasoning",), ("vision",))

    def test_of_a_model_that_no_catalog_knows_nothing_is_said_to_be_lost(self) -> None:
        effect = Effect(before=stands((1, 1), supports_tool_call=True), after=standing("x:y", None, MIX))
        assert (effect.gained, effect.lost, effect.gain) == ((), (), None)

    def test_a_ledger_without_tokens_out_says_nothing_of_the_mix(self) -> None:
        assert Traffic(calls=3, input_tokens=5, output_tokens=0, days=30).mix is None
        assert Traffic(calls=3, input_tokens=8, output_tokens=2, days=30).mix == Mix(
            input_per_output=4.0, source="the ledger, last 30 days"
        )
