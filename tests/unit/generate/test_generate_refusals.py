"""What the chosen models are known not to take."""

from __future__ import annotations

import pytest

from llmhub.generate.refusals import refusals, with_refusals
from llmhub.records.config import HubConfig, RoleConfig, TargetConfig
from llmhub.records.model import CanonicalModel


def model(name: str, **facts: bool | None) -> CanonicalModel:
    return CanonicalModel(canonical_id=f"openai:{name}", provider="openai", model_id=name, **facts)  # type: ignore[arg-type]


THINKER = model("thinker", supports_temperature=False, supports_tool_call=True, supports_reasoning=True)
TALKER = model("talker", supports_temperature=True, supports_tool_call=False, supports_reasoning=False)
STRANGER = model("stranger")
MODELS = {one.canonical_id: one for one in (THINKER, TALKER, STRANGER)}


@pytest.mark.parametrize(
    ("known", "expected"),
    [(THINKER, ("temperature",)), (TALKER, ("tools", "reasoning_effort")), (STRANGER, ()), (None, ())],
)
def test_only_what_is_known_to_be_refused_is_told(known: CanonicalModel | None, expected: tuple[str, ...]) -> None:
    assert refusals(known) == expected


def test_each_target_of_a_role_gets_what_its_own_model_refuses() -> None:
    fallbacks = (TargetConfig(provider="openai", model="talker"), TargetConfig(provider="openai", model="unheard-of"))
    role = RoleConfig(provider="openai", model="thinker", fallbacks=fallbacks)
    written = with_refusals(HubConfig(project="p", roles={"r": role}), MODELS).roles["r"]
    assert written.refuses == ("temperature",)
    assert [target.refuses for target in written.fallbacks] == [("tools", "reasoning_effort"), ()]


def test_what_a_generator_says_itself_stays() -> None:
    role = RoleConfig(provider="openai", model="thinker", refuses=("top_p",))
    assert with_refusals(HubConfig(project="p", roles={"r": role}), MODELS).roles["r"].refuses == ("top_p",)


def test_a_model_of_vectors_has_no_temperature_to_refuse() -> None:
    role = RoleConfig(provider="openai", model="thinker", mode="embedding")
    assert with_refusals(HubConfig(project="p", roles={"r": role}), MODELS).roles["r"].refuses == ()
