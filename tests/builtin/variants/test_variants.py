"""Which variant a call gets."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub import Hub, errors
from llmhub.builtin import variants
from llmhub.builtin.variants.assignment import assign
from llmhub.host import PluginHost
from llmhub.records.calls import CallContext, Target

HELLO = [{"role": "user", "content": "Hello"}]
FALLBACK = Target(provider="p", model="spare", mode="chat")


def arms(**weights: float) -> tuple[Target, ...]:
    return (
        *(Target(provider="p", model="m", mode="chat", variant=name, weight=w) for name, w in weights.items()),
        FALLBACK,
    )


def call_of(key: str | None, call_id: str = "1", role: str = "r") -> CallContext:
    return CallContext(
        call_id=call_id, role=role, provider="p", model="m", mode="chat", method="completion", input=[], sticky_key=key
    )


def variant_of(key: str, targets: tuple[Target, ...], role: str = "r") -> str:
    name = assign(call_of(key, role=role), targets)[0].variant
    assert name is not None
    return name


USERS = [f"user-{number}" for number in range(10_000)]


def test_a_call_gets_one_variant_and_then_the_fallbacks():
    order = assign(call_of("alice"), arms(a=1, b=1, c=1))
    assert len(order) == 2
    assert order[0].variant in ("a", "b", "c")
    assert order[1] is FALLBACK


def test_a_role_without_variants_keeps_its_order():
    targets = (FALLBACK, FALLBACK)
    assert assign(call_of("alice"), targets) is targets


@given(st.text(), st.text())
def test_one_key_always_gets_the_same_variant(key, role):
    targets = arms(a=1, b=2, c=0.5)
    assert {variant_of(key, targets, role) for _ in range(3)} == {variant_of(key, tuple(reversed(targets)), role)}


def test_another_process_comes_to_the_same_answer():
    program = (
        "from tests.builtin.variants.test_variants import USERS, arms, variant_of\n"
        "print(''.join(variant_of(user, arms(a=1, b=2)) for user in USERS[:200]))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "".join(variant_of(user, arms(a=1, b=2)) for user in USERS[:200])


def test_variants_share_the_calls_by_weight():
    counts = Counter(variant_of(user, arms(a=90, b=9, c=1)) for user in USERS)
    assert counts["a"] == pytest.approx(9_000, rel=0.03)
    assert counts["b"] == pytest.approx(900, rel=0.15)
    assert counts["c"] == pytest.approx(100, rel=0.4)


def test_calls_without_a_key_are_shared_out_at_random_by_weight():
    counts = Counter(assign(call_of(None, str(number)), arms(a=3, b=1))[0].variant for number in range(10_000))
    assert counts["a"] == pytest.approx(7_500, rel=0.05)


def test_giving_one_variant_more_weight_moves_callers_to_it_alone_and_no_more_than_it_must():
    before, after = arms(a=95, b=5, c=50), arms(a=95, b=20, c=50)
    moved = [(variant_of(user, before), variant_of(user, after)) for user in USERS]
    changed = [pair for pair in moved if pair[0] != pair[1]]
    assert {to for _, to in changed} == {"b"}
    grown = 20 / 165 - 5 / 150
    assert len(changed) / len(USERS) == pytest.approx(grown, rel=0.15)


def test_a_variant_that_is_switched_off_gives_away_its_own_callers_only():
    before, after = arms(a=1, b=1, c=1), arms(a=1, c=1)
    for user in USERS:
        if variant_of(user, before) != "b":
            assert variant_of(user, after) == variant_of(user, before)


def test_roles_assign_independently_of_each_other():
    both = Counter((variant_of(user, arms(a=1, b=1), "one"), variant_of(user, arms(a=1, b=1), "two")) for user in USERS)
    assert all(count == pytest.approx(2_500, rel=0.1) for count in both.values())


# --- in a hub -------------------------------------------------------------------------------------------------------


@pytest.fixture
def make_hub(provider_server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback-0123456789")
    made = []

    def make(variants_of_role, told=None, **role):
        host = PluginHost.empty()
        host.register(variants, "variants", "call")
        config = {
            "project": "p",
            "providers": {"openai": {"api_base": provider_server.openai_base}},
            "roles": {
                "chat": {
                    "provider": "openai",
                    "model": "base",
                    "params": {"temperature": 0.2, "max_tokens": 50},
                    "retry": {"attempts": 1},
                    "variants": variants_of_role,
                    **role,
                },
                "plain": {"provider": "openai", "model": "base"},
            },
        }
        made.append(Hub(config=config, plugins=host, on_after_call=told))
        return made[-1]

    yield make
    for hub in made:
        hub.close()


TWO = [{"name": "control"}, {"name": "bigger", "model": "big", "params": {"temperature": 0.9}}]


def test_a_variant_is_its_role_with_the_changes_it_states(make_hub, provider_server):
    results = []
    hub = make_hub(TWO, results.append, sticky_by="user")
    for number in range(20):
        hub.completion("chat", HELLO, user=f"u{number}")
    sent = {(request.json["model"], request.json["temperature"]) for request in provider_server.requests}
    assert sent == {("base", 0.2), ("big", 0.9)}
    assert {(result.variant, result.model) for result in results} == {("control", "base"), ("bigger", "big")}


@pytest.mark.parametrize(
    ("sticky_by", "options"), [("user", {"user": "alice"}), ("tenant", {"labels": {"tenant": "acme"}})]
)
def test_a_caller_stays_at_its_variant(make_hub, sticky_by, options):
    results = []
    hub = make_hub([{"name": name} for name in "abcdef"], results.append, sticky_by=sticky_by)
    for _ in range(12):
        hub.completion("chat", HELLO, **options)
    assert len({result.variant for result in results}) == 1


def test_a_failing_variant_falls_back_and_the_call_still_counts_as_its_own(make_hub, provider_server):
    results = []
    only = [{"name": "risky", "model": "fault-500"}]
    hub = make_hub(only, results.append, fallbacks=[{"provider": "openai", "model": "spare"}])
    hub.completion("chat", HELLO)
    assert (results[0].variant, results[0].model) == ("risky", "spare")
    assert provider_server.counts.by_model == {"fault-500": 1, "spare": 1}


@pytest.mark.parametrize("off", [{"enabled": False}, {"weight": 0}])
def test_with_every_variant_switched_off_the_role_itself_serves(make_hub, provider_server, off):
    results = []
    make_hub([{"name": "b", "model": "big", **off}], results.append).completion("chat", HELLO)
    assert results[0].variant is None
    assert provider_server.counts.by_model == {"base": 1}


def test_a_role_without_variants_has_none(make_hub):
    results = []
    make_hub(TWO, results.append).completion("plain", HELLO)
    assert results[0].variant is None


def test_reloading_switches_a_variant_off(provider_server, monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback-0123456789")
    path = tmp_path / "llmhub.yaml"
    text = (
        f"project: p\nproviders: {{openai: {{api_base: {provider_server.openai_base}}}}}\n"
        "roles:\n  chat: {provider: openai, model: base, variants: [{name: b, model: big, enabled: %s}]}\n"
    )
    path.write_text(text % "true", encoding="utf-8")
    with Hub(path) as hub:
        hub.completion("chat", HELLO)
        path.write_text(text % "false", encoding="utf-8")
        hub.reload()
        hub.completion("chat", HELLO)
    assert provider_server.counts.by_model == {"big": 1, "base": 1}


def test_two_variants_of_one_name_and_a_key_without_variants_are_refused():
    role = {"provider": "openai", "model": "m", "variants": [{"name": "a"}, {"name": "a"}]}
    with pytest.raises(errors.InvalidFileError, match="another variant of this role is named 'a', too"):
        Hub(config={"project": "p", "roles": {"chat": role}})
    with pytest.raises(errors.InvalidFileError, match="no `variants`"):
        Hub(config={"project": "p", "roles": {"chat": {"provider": "openai", "model": "m", "sticky_by": "user"}}})
