"""Finding a configuration, resolving roles, reloading: everything before a call."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from llmhub import Hub, HubConfig, errors
from llmhub.records.config import RoleConfig

HELLO = [{"role": "user", "content": "Hello"}]
ROLE = "roles:\n  chat: {provider: openai, model: gpt-4o-mini}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_nearest_file_upward_is_found(project, monkeypatch):
    (project / "llmhub.yaml").write_text(f"project: outer\n{ROLE}", encoding="utf-8")
    below = project / "src" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert Hub().config.project == "outer"


def test_without_a_file_the_error_names_the_folder_and_the_command_that_makes_one(project):
    with pytest.raises(errors.ConfigNotFoundError, match="llmhub generate") as caught:
        Hub()
    assert str(project) in str(caught.value)


def test_a_named_file_that_is_missing_is_told_by_its_folder_alone(project):
    with pytest.raises(errors.ConfigNotFoundError) as caught:
        Hub("nowhere/llmhub.yaml")
    assert "above" not in str(caught.value)


@pytest.mark.parametrize("how", ["argument", "variable"])
def test_an_environment_is_asked_for_by_argument_or_variable(project, monkeypatch, how):
    (project / "llmhub.yaml").write_text(f"project: p\nenv: dev\n{ROLE}", encoding="utf-8")
    (project / "llmhub.prod.yaml").write_text(f"project: p\nenv: prod\n{ROLE}", encoding="utf-8")
    if how == "variable":
        monkeypatch.setenv("LLMHUB_ENV", "prod")
        assert Hub().config.env == "prod"
    else:
        assert Hub(env="prod").config.env == "prod"


def test_a_mapping_in_memory_is_held_to_the_same_rules_as_a_file():
    with pytest.raises(errors.InvalidFileError, match="Did you mean 'provider'"):
        Hub(config={"project": "p", "roles": {"chat": {"provder": "openai", "model": "m"}}})


def test_strict_env_tells_all_missing_keys_at_once():
    config = HubConfig(
        project="p",
        roles={
            "a": RoleConfig(provider="openai", model="m"),
            "b": RoleConfig(provider="anthropic", model="m"),
            "c": RoleConfig(provider="ollama", model="m"),
        },
    )
    os.environ.pop("OPENAI_API_KEY", None)
    os.environ.pop("ANTHROPIC_API_KEY", None)
    with pytest.raises(errors.MissingKeysError) as caught:
        Hub(config=config, strict_env=True)
    assert caught.value.missing == {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


def test_an_env_file_beside_the_configuration_sets_keys_and_overrides_none(project, monkeypatch):
    (project / "llmhub.yaml").write_text(f"project: p\n{ROLE}", encoding="utf-8")
    (project / ".env").write_text("OPENAI_API_KEY=from-file\nOTHER_SETTING=from-file\n", encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", "set-before")
    monkeypatch.setenv("OTHER_SETTING", "x")
    monkeypatch.delenv("OTHER_SETTING")
    Hub(strict_env=True)
    assert os.environ["OPENAI_API_KEY"] == "set-before"
    assert os.environ["OTHER_SETTING"] == "from-file"


def test_an_unknown_role_and_a_wrong_mode_are_told_before_anything_is_sent(hub, provider_server):
    with pytest.raises(errors.UnknownRoleError, match="Did you mean 'chat'"):
        hub.completion("chatt", HELLO)
    with pytest.raises(errors.WrongModeError, match=r"Call hub\.embedding\(\)"):
        hub.completion("embed", HELLO)
    with pytest.raises(errors.WrongModeError, match=r"Call hub\.completion\(\)"):
        hub.embedding("chat", "x")
    assert provider_server.counts.requests == 0


def test_resolve_answers_without_calling_and_gives_the_same_object_again(hub, provider_server):
    resolved = hub.resolve("chat")
    assert resolved.primary.model == "gpt-4o-mini"
    assert hub.resolve("chat") is resolved
    assert provider_server.counts.requests == 0


def test_any_number_of_names_served_by_defaults_takes_no_memory():
    config = HubConfig(project="p", defaults=RoleConfig(provider="openai", model="m"))
    hub = Hub(config=config)
    for number in range(1000):
        assert hub.resolve(f"role.{number}").primary.model == "m"
    assert len(hub._life.roles._resolved) == 0


def test_reload_reads_the_file_again_and_keeps_connections_that_did_not_change(project, provider_server):
    path = project / "llmhub.yaml"
    text = f"project: p\nproviders:\n  openai: {{api_base: '{provider_server.openai_base}'}}\n{ROLE}"
    path.write_text(text, encoding="utf-8")
    with Hub() as hub:
        hub.completion("chat", HELLO)
        path.write_text(text.replace("gpt-4o-mini", "gpt-4o"), encoding="utf-8")
        hub.reload()
        assert hub.completion("chat", HELLO).model == "gpt-4o"
        assert provider_server.counts.connections_accepted == 1


def test_reload_can_be_given_another_configuration_and_stays_with_it():
    with Hub(config={"project": "p", "roles": {}}) as hub:
        hub.reload({"project": "other", "roles": {"r": {"provider": "openai", "model": "gpt-4.1"}}})
        hub.reload()
        assert hub.resolve("r").primary.model == "gpt-4.1"
        with pytest.raises(errors.InvalidFileError):
            hub.reload({"project": "other", "rolls": {}})
        assert hub.config.project == "other"


def test_a_file_with_problems_changes_nothing_at_reload(project):
    path = project / "llmhub.yaml"
    path.write_text(f"project: p\n{ROLE}", encoding="utf-8")
    hub = Hub()
    path.write_text("project: [", encoding="utf-8")
    with pytest.raises(errors.InvalidFileError):
        hub.reload()
    assert hub.resolve("chat").primary.model == "gpt-4o-mini"


def test_a_hub_shows_what_it_holds_and_no_key(hub):
    assert repr(hub) == "<Hub 'test' env='dev' roles=4>"


def test_a_broken_plugin_is_told_in_one_line_and_the_call_is_made(tmp_path, provider_server):
    """A plugin of another distribution, installed as files on the path, that cannot be imported."""
    site = tmp_path / "site"
    info = site / "llmhub_broken-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: llmhub-broken\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[llmhub.call]\nbroken = llmhub_broken\n", encoding="utf-8")
    (site / "llmhub_broken.py").write_text("import no_such_package\n", encoding="utf-8")
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(f"""
        from llmhub import Hub
        hub = Hub(config={{"project": "p", "providers": {{"openai": {{"api_base": {provider_server.openai_base!r}}}}},
                          "roles": {{"chat": {{"provider": "openai", "model": "m"}}}}}})
        print(hub.completion("chat", [{{"role": "user", "content": "Hello"}}]).choices[0].message.content)
        """),
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    ended = subprocess.run(
        [sys.executable, program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0
    assert "Hello" in ended.stdout
    (line,) = ended.stderr.splitlines()
    assert "'broken' (llmhub-broken" in line
    assert "no_such_package" in line
    assert "LLMHUB_DISABLE_PLUGINS=broken" in line
