"""The generated file: its text, what of the present one stays, what changes, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve, fields

from llmhub.anyllm.providers import PROVIDER_NAMES
from llmhub.config.converter import unstructure
from llmhub.config.load import load_config
from llmhub.config.yaml import read_document
from llmhub.errors import ConfigError, InvalidFileError
from llmhub.generate.carry import carry
from llmhub.generate.decided import ROLE_KEYS, content_hash
from llmhub.generate.diff import difference
from llmhub.generate.emit import render
from llmhub.generate.write import present_text, write
from llmhub.records.config import HubConfig, Retry, RoleConfig
from llmhub.records.selection import Generation

Run = Callable[..., Generation]


@pytest.fixture
def config(run: Run) -> HubConfig:
    return run().config


def test_the_written_file_loads_to_an_equal_configuration(config: HubConfig, tmp_path: Path) -> None:
    path = tmp_path / "llmhub.yaml"
    write(path, None, render(config))
    assert load_config(path, known_providers=PROVIDER_NAMES) == config


def test_the_same_values_give_the_same_bytes_without_a_date(run: Run) -> None:
    first, second = render(run().config), render(run().config)
    assert first == second
    assert render(run().config, present=first) == first


def test_it_is_written_to_be_read(config: HubConfig) -> None:
    lines = render(config).splitlines()
    assert lines[1].startswith("# Made by `llmhub generate` from llmhub.spec.yaml")
    keys = [line.partition(":")[0] for line in lines if line and line[0].isalpha()]
    assert keys == ["project", "env", "generated", "providers", "roles"]
    role = list(read_document("\n".join(lines), "llmhub.yaml").value["roles"]["chat"])
    assert role == ["provider", "model", "mode", "params", "fallbacks", "reason"]


PRESENT = """\
x-team: search
selector: canary
ledger: sqlite
generated: {by: someone, catalog: old, spec_hash: old, x-note: gone}
providers:
  openai: {env_key: OLD_KEY, client_args: {max_retries: 0}, x-account: main}
  x-all: kept
  gone: {api_base: "http://gone/v1", x-lost: true}
roles:
  chat: {provider: openai, model: old, timeout: 12, retry: {attempts: 2, max_delay: 1}, params: {x-p: 1}, x-owner: me}
  gone: {provider: openai, model: old, x-lost: true}
defaults: {provider: openai, model: old}
project: my-app
"""


class TestWhatStays:
    def test_keys_of_ones_own_stay_where_they_were(self, config: HubConfig) -> None:
        document = read_document(render(config, present=PRESENT), "llmhub.yaml").value
        assert document["x-team"] == "search"
        assert document["providers"]["openai"]["x-account"] == "main"
        assert document["providers"]["x-all"] == "kept"
        assert document["roles"]["chat"]["x-owner"] == "me"

    def test_policy_that_no_generator_decides_stays(self, config: HubConfig, tmp_path: Path) -> None:
        path = tmp_path / "llmhub.yaml"
        write(path, None, render(config, present=PRESENT))
        kept = load_config(path, known_providers=PROVIDER_NAMES)
        assert kept == evolve(
            config,
            selector="canary",
            ledger="sqlite",
            providers={
                **config.providers,
                "openai": evolve(config.providers["openai"], client_args={"max_retries": 0}),
            },
            roles={
                **config.roles,
                "chat": evolve(config.roles["chat"], timeout=12.0, retry=Retry(attempts=2, max_delay=1.0)),
            },
        )

    def test_choices_are_the_specs_alone(self, config: HubConfig) -> None:
        document = read_document(render(config, present=PRESENT), "llmhub.yaml").value
        assert document["roles"]["chat"]["params"] == {"temperature": 0.5, "stop": ["a", "b"]}
        assert document["providers"]["openai"]["env_key"] == "OPENAI_API_KEY"
        assert "gone" not in document["roles"]
        assert "gone" not in document["providers"]
        assert "defaults" not in document
        assert document["generated"]["by"] != "someone"

    def test_comments_stay_and_ours_are_not_doubled(self, config: HubConfig) -> None:
        once = render(config, present=PRESENT.replace("  chat: {", "  # for Ada\n  chat: {"))
        assert once.count("# for Ada\n  chat:\n") == 1
        assert render(config, present=once) == once
        assert once.count("# Made by") == once.count("# What the code asks for") == 1

    def test_what_a_generator_does_decide_wins(self, config: HubConfig, tmp_path: Path) -> None:
        path = tmp_path / "llmhub.yaml"
        decided = evolve(config, selector="decided")
        write(path, None, render(decided, present=PRESENT))
        assert load_config(path, known_providers=PROVIDER_NAMES).selector == "decided"

    def test_generating_twice_changes_nothing_more(self, config: HubConfig) -> None:
        once = render(config, present=PRESENT)
        assert render(config, present=once) == once

    @pytest.mark.parametrize("empty", ["", "\n"])
    def test_an_empty_file_holds_nothing_to_keep(self, empty: str, config: HubConfig) -> None:
        assert render(config, present=empty) == render(config)

    @pytest.mark.parametrize("broken", ["roles: [", "x-a: 1\nx-a: 2\n"])
    def test_a_present_file_that_cannot_be_read_is_not_overwritten(self, broken: str, config: HubConfig) -> None:
        with pytest.raises(InvalidFileError, match=r"^conf/llmhub\.yaml"):
            render(config, present=broken, file="conf/llmhub.yaml")

    @pytest.mark.parametrize("odd", ["roles: 5\nproviders: []\n", "1: x\nproject: p\n"])
    def test_a_present_file_of_an_odd_shape_does_no_harm(self, odd: str, config: HubConfig) -> None:
        assert render(config, present=odd) == render(config)

    def test_a_pinned_role_stays_whole_in_its_place(self, config: HubConfig) -> None:
        pinned = {"provider": "groq", "model": "mine", "pinned": True, "params": {"x": 1}, "x-owner": "me"}
        present = render(config).replace("    model: model-for-chat\n", "    model: mine\n    pinned: true\n", 1)
        document = read_document(render(config, present=present), "llmhub.yaml").value
        assert list(document["roles"]) == ["chat", "embed"]
        assert (document["roles"]["chat"]["model"], document["roles"]["chat"]["pinned"]) == ("mine", True)
        assert document["roles"]["embed"]["model"] == "model-for-embedding"
        carried = carry(unstructure(config), {"roles": {"other": pinned}, "defaults": pinned})
        assert carried["roles"]["other"] == pinned, "also one that the spec does not know"
        assert carried["defaults"] == pinned

    def test_every_policy_that_the_file_may_state_stays(self, config: HubConfig) -> None:
        """Also one that a later version adds: only what a generator decides is left to it."""
        policy = {field.name for field in fields(RoleConfig) if field.name not in ROLE_KEYS and field.name != "pinned"}
        present = {"roles": {"chat": dict.fromkeys(policy, "kept")}}
        kept = carry(unstructure(config), present)["roles"]["chat"]
        assert {name for name in policy if kept[name] == "kept"} == policy
        assert {"timeout", "retry", "variants"} <= policy


class TestContentHash:
    def test_the_written_file_has_the_hash_of_what_was_decided(self, config: HubConfig) -> None:
        document = read_document(render(config), "llmhub.yaml").value
        assert config.generated is not None
        assert content_hash(document) == config.generated.content == document["generated"]["content"]

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("model: model-for-chat", "model: other"),
            ("temperature: 0.5", "temperature: 0.6"),
            ("max_tokens: 5", "max_tokens: 6"),
            ("mode: embedding", "mode: chat"),
            ("env_key: OPENAI_API_KEY", "env_key: OTHER_KEY"),
            ("env: staging", "env: dev"),
            ("best of 2", "best of 3"),
            ("  openai:\n    env_key: OPENAI_API_KEY\n", ""),
        ],
    )
    def test_an_edit_of_what_was_decided_changes_it(self, before: str, after: str, config: HubConfig) -> None:
        text = render(config)
        assert before in text
        edited = read_document(text.replace(before, after, 1), "llmhub.yaml").value
        assert content_hash(edited) != content_hash(read_document(text, "llmhub.yaml").value)

    def test_what_is_ones_own_does_not(self, config: HubConfig) -> None:
        text = render(config)
        own = text.replace("    mode: chat\n", "    mode: chat\n    timeout: 5\n    x-owner: me\n") + "selector: mine\n"
        assert own != text
        assert content_hash(read_document(own, "llmhub.yaml").value) == content_hash(
            read_document(text, "llmhub.yaml").value
        )


class TestDifference:
    def test_it_is_empty_when_nothing_changes(self) -> None:
        assert difference("a: 1\n", "a: 1\n") == ""

    def test_it_is_a_unified_diff(self) -> None:
        assert difference("a: 1\nb: 2\n", "a: 1\nb: 3\n", "llmhub.dev.yaml") == (
            "--- llmhub.dev.yaml\n+++ llmhub.dev.yaml\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n"
        )

    def test_a_new_file_is_all_added(self) -> None:
        assert difference(None, "a: 1\n").splitlines() == ["--- /dev/null", "+++ llmhub.yaml", "@@ -0,0 +1 @@", "+a: 1"]


class TestWriting:
    def test_it_says_whether_anything_changed(self, tmp_path: Path) -> None:
        path = tmp_path / "llmhub.yaml"
        assert write(path, None, "a: 1\n")
        assert not write(path, "a: 1\n", "a: 1\n")
        assert write(path, "a: 1\n", "a: ü\n")
        assert path.read_text("utf-8") == "a: ü\n"

    def test_an_equal_file_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "llmhub.yaml"
        write(path, None, "a: 1\n")
        before = path.stat()
        write(path, present_text(path), "a: 1\n")
        assert path.stat().st_ino == before.st_ino

    def test_a_missing_folder_is_an_error_for_the_user(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="cannot write"):
            write(tmp_path / "nowhere" / "llmhub.yaml", None, "a: 1\n")

    def test_what_somebody_wrote_in_the_meantime_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "llmhub.yaml"
        path.write_text("a: 1\n", encoding="utf-8")
        before = present_text(path)
        path.write_text("a: 2  # by hand\n", encoding="utf-8")
        with pytest.raises(ConfigError, match="was changed by somebody else in the meantime; nothing written"):
            write(path, before, "a: 3\n")
        assert path.read_text("utf-8") == "a: 2  # by hand\n"
