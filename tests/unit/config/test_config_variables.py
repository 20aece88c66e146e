"""Which variables hold keys, in `.env.example` and in a spec; and what is taken out of what is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.config.env_file import example_with, variables_in
from llmhub.config.faults import without_secrets
from llmhub.config.keys import spec_variables
from llmhub.records.spec import HubSpec, Preferences, ProviderSpec, RoleSpec, SpecDefaults


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "B=\n"),
        ("A=1\n", "A=1\nB=\n"),
        ("A=1", "A=1\nB=\n"),
        ("A=1\r\n", "A=1\r\nB=\r\n"),
        ("# B=\n", "# B=\nB=\n"),
        ("export B='x'\n", "export B='x'\n"),
        ("B\n", "B\n"),
    ],
)
def test_a_missing_name_is_added_at_the_end(text, after):
    assert example_with(text, ["B", "B"]) == after


def test_a_new_example_says_what_it_is_for():
    first, *rest = example_with(None, ["A", "B"]).splitlines()
    assert first.startswith("# Copy to .env")
    assert rest == ["A=", "B="]


@given(st.text(alphabet="AB=# x\n"), st.lists(st.sampled_from(["A", "B", "C"])))
def test_what_stands_there_stays_and_every_name_is_there_after(text, names):
    after = example_with(text, names)
    assert after.startswith(text)
    assert set(names) <= set(variables_in(after))


def test_enabled_and_named_providers_need_their_keys():
    spec = HubSpec(
        project="p",
        providers={"openai": ProviderSpec(env_key="OURS"), "off": ProviderSpec(enabled=False), "local": ProviderSpec()},
        roles={"r": RoleSpec(kind="chat", preferences=Preferences(providers=("gemini",)), force_provider="anthropic")},
        defaults=SpecDefaults(providers=("off",)),
    )
    defaults = {"openai": ("OPENAI",), "gemini": ("G", "H"), "anthropic": ("A",), "off": ("O",)}
    assert spec_variables(spec, defaults) == {
        "openai": ("OURS",),
        "local": (),
        "gemini": ("G", "H"),
        "anthropic": ("A",),
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-  env_key: sk-proj-abcdefghijkl  # old", "-  env_key: (not shown)  # old"),
        ('+x: {a: "AKIA0123456789ABCDEF"}', '+x: {a: "(not shown)"}'),
        ("OPENAI_API_KEY=sk-abcdefgh12345678", "OPENAI_API_KEY=(not shown)"),
        ("  model: claude-3-5-sonnet-20241022", "  model: claude-3-5-sonnet-20241022"),
    ],
)
def test_what_looks_like_a_key_is_not_shown(text, shown):
    assert without_secrets(text) == shown
