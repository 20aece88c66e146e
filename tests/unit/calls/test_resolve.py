import pytest

from llmhub.calls.resolve import DEFAULT_DEADLINE, check_mode, resolve
from llmhub.errors import UnknownRoleError, WrongModeError
from llmhub.records.config import HubConfig, Retry, RoleConfig, TargetConfig

CHAT = RoleConfig(
    provider="openai",
    model="gpt-4o-mini",
    params={"temperature": 0.2},
    fallbacks=(TargetConfig(provider="anthropic", model="claude-haiku", params={"temperature": 0.1}),),
    timeout=5.0,
    retry=Retry(attempts=1, max_delay=2.0),
)
CONFIG = HubConfig(project="p", roles={"llm.inference": CHAT})


def test_a_role_resolves_to_its_targets_in_order_with_its_policy():
    resolved = resolve(CONFIG, "llm.inference")
    assert [(target.provider, target.model) for target in resolved.targets] == [
        ("openai", "gpt-4o-mini"),
        ("anthropic", "claude-haiku"),
    ]
    assert resolved.primary.params == {"temperature": 0.2}
    assert (resolved.attempts, resolved.max_delay, resolved.timeout) == (1, 2.0, 5.0)
    assert not resolved.from_defaults


def test_a_fallback_has_the_roles_mode_unless_it_says_otherwise():
    assert resolve(CONFIG, "llm.inference").targets[1].mode == "chat"


def test_without_a_deadline_a_call_is_bounded_all_the_same():
    assert resolve(CONFIG, "llm.inference").deadline == DEFAULT_DEADLINE


def test_a_role_the_file_lacks_is_served_by_its_defaults():
    config = HubConfig(project="p", defaults=RoleConfig(provider="openai", model="gpt-4o-mini"))
    resolved = resolve(config, "anything")
    assert resolved.role == "anything"
    assert resolved.primary.model == "gpt-4o-mini"
    assert resolved.from_defaults


def test_without_defaults_an_unknown_role_names_the_nearest():
    with pytest.raises(UnknownRoleError, match=r"Did you mean 'llm.inference'\?"):
        resolve(CONFIG, "llm.inferense")


@pytest.mark.parametrize(
    ("mode", "method", "served"),
    [
        ("chat", "completion", True),
        ("tool", "completion", True),
        ("other", "completion", True),
        ("other", "embedding", True),
        ("embedding", "embedding", True),
        ("embedding", "completion", False),
        ("chat", "embedding", False),
        ("image", "completion", False),
    ],
)
def test_a_method_serves_only_roles_of_its_modes(mode, method, served):
    resolved = resolve(HubConfig(project="p", roles={"r": RoleConfig(provider="p", model="m", mode=mode)}), "r")
    if served:
        check_mode(resolved, method)
    else:
        with pytest.raises(WrongModeError, match=mode):
            check_mode(resolved, method)


def test_the_wrong_method_names_the_right_one():
    resolved = resolve(HubConfig(project="p", roles={"r": RoleConfig(provider="p", model="m", mode="embedding")}), "r")
    with pytest.raises(WrongModeError, match=r"Call hub\.embedding\(\) instead"):
        check_mode(resolved, "completion")


def test_a_wrong_mode_that_came_from_the_defaults_says_so():
    config = HubConfig(project="p", defaults=RoleConfig(provider="openai", model="gpt-4o-mini"))
    with pytest.raises(WrongModeError, match="its `defaults` answered"):
        check_mode(resolve(config, "llm.embeding"), "embedding")
