"""Every command of the command line, in a sound project, in one whose providers quote keys, and in a broken one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from llmhub.cli.root import COMMANDS, llmhub
from llmhub.testing import ProviderServer

Arguments = tuple[tuple[str, ...], ...]

DRIVEN: Mapping[str, Arguments] = {
    # Each command that there is, with the ways to drive it. `{...}` is filled in by `filled`.
    "": ((), ("--verbose",)),
    "init": ((), ("another",)),
    "setup": (
        ("--yes",),
        ("--yes", "--name", "shop", "--provider", "{key}", "--role", "{key}={key}"),
        ("--yes", "--provider", "openai", "--role", "llm.x=chat", "--generate"),
    ),
    "status": ((), ("--json",)),
    "generate": (
        ("--dry-run", "--explain"),
        ("--check",),
        ("--dry-run", "--json"),
        ("--yes", "--llm-model", "openai:quote-401"),
        ("--yes", "--measure"),
        ("--env", "prod", "--yes"),
    ),
    "why": (("llm.openai",), ("llm.openai", "gpt-4o", "--json"), ("llm.openai", "{key}")),
    "upgrade": ((), ("--json",), ("llm.openai", "--apply", "--yes")),
    "runtime show": ((), ("llm.openai", "--json")),
    "runtime diff": ((), ("current", "generated", "--json"), ("{pasted}", "current")),
    "roles": ((), ("--json",)),
    "spec show": ((), ("roles", "--json"), ("providers",)),
    "spec validate": ((), ("--json",)),
    "spec set": (
        ("roles.llm.openai.description", "{key}"),
        ("roles.llm.openai.description", "new", "--dry-run"),
        ("providers.openai.env_key", "{key}"),
        ("providers.openai.api_base", "http://user:{password}@127.0.0.1/v1"),
        ("roles.llm.openai.description", "new"),
    ),
    "spec unset": (("roles.llm.openai.description", "--dry-run"), ("roles.{key}",), ("roles.llm.openai.description",)),
    "add-role": (
        ("llm.more", "--kind", "chat", "--dry-run"),
        ("llm.more", "--kind", "chat", "--description", "{key}"),
        ("llm.more", "--kind", "chat", "--force-model", "{key}"),
        ("llm.more", "--kind", "chat"),
    ),
    "edit-role": (("llm.openai", "--cost", "low", "--dry-run"), ("llm.openai", "--description", "{key}")),
    "rm-role": (("llm.office", "--dry-run"), ("llm.office", "--yes")),
    "env check": ((), ("--json",)),
    "env sync": (("--dry-run",), ()),
    "test": (
        (),
        ("--json",),
        ("--all", "--stream"),
        ("--role", "llm.openai", "--repeat", "2"),
        ("--env-file", "{malformed}"),
    ),
    "doctor": (("--no-network",), ("--yes",), ("--yes", "--json"), ("--fix", "--yes")),
    "catalog refresh": ((), ("--json",)),
    "catalog show": (("--all",), ("--json",)),
    "catalog search": (("gpt",), ("{key}", "--json")),
    "catalog info": (("openai:gpt-4o",), ("{key}", "--json")),
    "catalog explain": (("openai:gpt-4o",), ("openai:gpt-4o", "--json")),
    "catalog diff": ((), ("--json",)),
    "catalog rollback": ((), ("{key}",), ("--json",)),
    "catalog sources": (("--details",), ("--json",)),
    "catalog export": (("--output", "models.json"), ("--format", "csv", "--output", "models.csv")),
    "spend": ((), ("--json",)),
    "spend export": ((), ("--output", "calls.csv")),
    "spend tail": ((), ("--json",)),
    "budget": ((), ("--json",)),
    "variants": (("llm.openai",), ("llm.openai", "--json")),
    "health": ((), ("--json",)),
    "plugins": ((), ("--json",)),
    "plugins show": (("otel",), ("leaking",), ("leaking", "--json")),
    "plugins new": (("command", "mine"), ("source", "{key}")),
    "path": ((), ("--json",), ("cache",)),
    "schema": (("spec",), ("config",), ("--write",)),
    "completion": (("bash",),),
    "demo": ((),),
}
WITHOUT_A_PROJECT = frozenset({"init", "setup"})


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that can be run, by its words: those of groups, and groups that do something by themselves."""
    context = click.Context(command, info_name=" ".join(path) or "llmhub")
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield " ".join(path)
    if isinstance(command, click.Group):
        for name in COMMANDS if not path else command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))


ALL = list(commands(llmhub))


def test_there_is_a_way_to_drive_every_command():
    undriven = [f"llmhub {name}".strip() for name in ALL if name not in DRIVEN]
    gone = sorted(set(DRIVEN) - set(ALL))
    assert not undriven, f"no way to drive is listed for {', '.join(undriven)}: add one to DRIVEN, here, for each"
    assert not gone, f"there is no such command any more: {', '.join(gone)}; take it out of DRIVEN"


SPEC = """\
project: shop
env: dev
providers:
  openai: {{env_key: OPENAI_API_KEY, api_base: "{url}/v1"}}
  anthropic: {{env_key: ANTHROPIC_API_KEY, api_base: "{url}"}}
  office: {{env_key: OFFICE_KEY, api_base: "{url}/v1"}}
  lab: {{env_key: LAB_KEY, api_base: "{url}/v1"}}
  accents: {{env_key: ACCENT_KEY, api_base: "{url}/v1"}}
  dotenv: {{env_key: DOTENV_KEY, api_base: "{url}/v1"}}
roles:
  llm.openai: {{kind: chat, description: answers, preferences: {{cost: low, providers: [openai]}}}}
  llm.office: {{kind: chat, force_provider: office, force_model: "{model}"}}
environments:
  prod: {{}}
"""


def config(url: str, model: str) -> str:
    """A file in which each provider has a role, all with a cache and under a budget that tells a webhook."""
    names = ["openai", "anthropic", "office", "lab", "accents", "dotenv"]
    providers = SPEC.format(url=url, model=model).partition("providers:")[2].partition("roles:")[0]
    more = "retry: {attempts: 1}, timeout: 2, cache: {ttl: 60}"
    roles = "".join(f"  llm.{name}: {{provider: {name}, model: {model}, {more}}}\n" for name in names)
    budgets = "budgets:\n  tiny: {limit: 0.000001, webhook_env: TEAM_WEBHOOK, on_exceed: warn}\n"
    return f"project: shop\nproviders:{providers}roles:\n{roles}{budgets}"


LEAKING = """\
import os
raise RuntimeError("cannot use " + os.environ["OFFICE_KEY"] + " nor " + repr(os.environ["QUOTE_KEY"]))
"""


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog from the snapshot, made once."""
    from llmhub.catalog.refresh import refresh_catalog
    from llmhub.host import PluginHost

    folder = tmp_path_factory.mktemp("stocked")
    environ = {"LLMHUB_CACHE_DIR": str(folder), "LLMHUB_OFFLINE": "1"}
    refresh_catalog(environ, PluginHost.from_environment(environ))
    return folder / "catalog.json"


SITUATIONS = ("sound", "quoting", "silent", "hidden", "pasted")
"""A project: all is well; its providers quote keys; they cannot be reached; keys stand where they do no harm, and where
none may stand."""


def cases() -> Iterator[Any]:
    """Every command in every situation, save those that find the same in all of them, and take long."""
    for name in ALL:
        for situation in SITUATIONS:
            if name in ("demo", "catalog refresh") and situation != "quoting":
                continue
            marks = [pytest.mark.slow] if situation == "silent" else []
            yield pytest.param(name, situation, marks=marks, id=f"{name or 'llmhub'} ({situation})")


@pytest.fixture
def situation(request, place: Any, provider_server: ProviderServer, quoting: Any) -> str:
    url, model = {
        "sound": (provider_server.url, "gpt-4o-mini"),
        "quoting": (quoting.url, "quote-401"),
        "silent": ("http://127.0.0.1:1", "m"),
        "hidden": (provider_server.url, "gpt-4o-mini"),
        "pasted": (quoting.url, "quote-500"),
    }[request.param]
    spec, made = SPEC.format(url=url, model=model), config(url, model)
    (place.project / "malformed.env").write_text(f"{place.environ['LAB_KEY']}\n= {place.environ['OFFICE_KEY']}\n")
    pasted = made.replace("env_key: OFFICE_KEY", f"env_key: {place.environ['OPENAI_API_KEY']}")
    (place.project / "pasted.yaml").write_text(pasted, encoding="utf-8")
    if request.param == "hidden":
        spec += f"# {place.environ['OPENAI_API_KEY']}\n"
        made += f"# {place.environ['OPENAI_API_KEY']}\n"
    if request.param == "pasted":
        spec = spec.replace("env_key: OPENAI_API_KEY", f"env_key: {place.environ['OPENAI_API_KEY']}")
        spec = spec.replace("description: answers", f"description: '{place.environ['ANTHROPIC_API_KEY']}'")
        made = pasted
    if request.param in ("pasted", "hidden"):
        line = (
            f"{place.environ['LAB_KEY']}\nno name = {place.environ['OFFICE_KEY']}\n{place.environ['OPENAI_API_KEY']}\n"
        )
        with (place.project / ".env").open("a", encoding="utf-8") as file:
            file.write(line)
        (place.project / ".env.example").write_text(line, encoding="utf-8")
    (place.project / "llmhub.spec.yaml").write_text(spec, encoding="utf-8")
    (place.project / "llmhub.yaml").write_text(made, encoding="utf-8")
    return str(request.param)


@pytest.fixture
def leaking_plugin(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin of a stranger that quotes keys as it fails."""
    folder = place.root / "site"
    information = folder / "leaking-1.0.dist-info"
    information.mkdir(parents=True)
    (folder / "leaking.py").write_text(LEAKING, encoding="utf-8")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: leaking\nVersion: 1.0\n")
    kinds = ("catalog", "generate", "call", "doctor")
    (information / "entry_points.txt").write_text("".join(f"[llmhub.{kind}]\nleaking = leaking\n" for kind in kinds))
    monkeypatch.syspath_prepend(str(folder))


def filled(arguments: tuple[str, ...], environ: Mapping[str, str]) -> list[str]:
    """Arguments of `DRIVEN` with keys, as a hand in haste pastes them, and names of files."""
    given = {
        "key": environ["OPENAI_API_KEY"],
        "password": "Nv8Yb3Gs6Wd1",
        "pasted": "pasted.yaml",
        "malformed": "malformed.env",
    }
    return [re.sub(r"\{(\w+)\}", lambda found: given[found[1]], argument) for argument in arguments]


NETWORKED = frozenset({"doctor", "catalog refresh"})


@pytest.mark.usefixtures("leaking_plugin")
@pytest.mark.parametrize(("name", "situation"), list(cases()), indirect=["situation"])
def test_a_command_tells_no_secret(
    name: str,
    situation: str,
    place: Any,
    command_line: Callable[..., subprocess.CompletedProcess[str]],
    told: Callable[[str, bytes | str], list[str]],
    stocked: Path,
):
    if name in WITHOUT_A_PROJECT and situation != "sound":
        (place.project / "llmhub.yaml").unlink()
    if name in WITHOUT_A_PROJECT:
        (place.project / "llmhub.spec.yaml").unlink()
    shutil.copyfile(stocked, place.root / "cache" / "catalog.json")
    environ = {
        **os.environ,
        "LLMHUB_OFFLINE": "" if name in NETWORKED else "1",
        "LLMHUB_ARENA_URL": "http://arena:Ks4Tg9Lp2Vx7@127.0.0.1:1/arena.json",
        "LLMHUB_DISABLE_PLUGINS": "huggingface_router,lmarena_dataset",
    }
    lines = []
    before = place.files()
    for arguments in DRIVEN.get(name, ()):
        words = [*name.split(), *filled(arguments, environ)]
        ended = command_line(place.project, environ, *words)
        shown = " ".join(("llmhub", *name.split(), *arguments))
        lines += told(f"stdout of {shown}", ended.stdout) + told(f"stderr of {shown}", ended.stderr)
        assert "Traceback" not in ended.stderr or name == "plugins show", ended.stderr
    assert not [*lines, *place.written_secrets(before)]
