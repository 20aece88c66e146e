"""A role stated without a file is held to the rules of a spec."""

from __future__ import annotations

from llmhub.records.spec import HubSpec, ProviderSpec
from llmhub.workspace.need import need_faults, role_of


def test_a_need_without_faults_is_a_role():
    fields = {"kind": "chat", "preferences": {"quality": "high", "needs": ["tools"]}}
    assert need_faults(fields) == ()
    assert role_of(fields).preferences.quality == "high"


def test_all_faults_are_told_at_once_each_with_its_place_and_the_nearest_name():
    faults = need_faults({"kind": "chatt", "preferences": {"qualty": "high", "needs": ["tools", "tols"]}})
    assert {fault.path: fault.suggestion for fault in faults} == {
        ("kind",): "chat",
        ("preferences", "qualty"): "quality",
        ("preferences", "needs", 1): "tools",
    }


def test_a_provider_of_the_spec_may_be_named_and_an_unknown_one_not():
    spec = HubSpec(project="p", providers={"office": ProviderSpec(api_base="http://127.0.0.1:1/v1")})
    fields = {"kind": "chat", "preferences": {"providers": ["office", "opnai"]}}
    assert [fault.path for fault in need_faults(fields, spec)] == [("preferences", "providers", 1)]
