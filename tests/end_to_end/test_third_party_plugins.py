"""Plugins of other people: real distributions, built and installed with pip beside a built wheel of LLM Hub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DISTS = ROOT / "tests" / "dists"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with LLM Hub and all of tests/dists installed for real.

    What LLM Hub depends on is not installed again but borrowed from the environment that runs the tests.
    """
    folder = tmp_path_factory.mktemp("third-party") / "venv"
    venv.create(folder, with_pip=True)
    site_packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (site_packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    distributions = sorted(str(each) for each in DISTS.iterdir() if each.is_dir())
    command = ["pip", "install", "--no-deps", "--quiet", "--disable-pip-version-check", str(ROOT), *distributions]
    done = subprocess.run([_python(folder), "-m", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def run(environment: Path, tmp_path: Path) -> Run:
    """Runs a program of the environment in an empty folder, away from this repository."""

    def run(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LLMHUB_", "PYTHON"))}
        # Where the slow plugin has to be imported nobody waits for it: whether it was, its trace tells.
        fixed = {"LLMHUB_CACHE_DIR": str(tmp_path), "LLMHUB_OFFLINE": "1", "NAP_SECONDS": "0"}
        return subprocess.run(
            [_python(environment), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**inherited, **fixed, **(env or {})},
            timeout=120,
        )

    return run


@pytest.fixture
def ask(run: Run) -> Callable[..., object]:
    """Runs a script that has a `host`, and returns what it leaves in `answer`."""

    def ask(script: str, *, disable: str = "llmhub-clash") -> object:
        whole = (
            "import json, os, sys\nfrom llmhub.host import PluginHost\n"
            f"host = PluginHost.from_environment(os.environ)\n{script}\nprint(json.dumps(answer))"
        )
        done = run("-c", whole, env={"LLMHUB_DISABLE_PLUGINS": disable})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


def _python(environment: Path) -> str:
    return str(environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


def test_what_runs_is_the_installed_wheel_not_the_source_tree(run: Run, environment: Path) -> None:
    done = run("-c", "import llmhub, llmhub_example; print(llmhub.__file__); print(llmhub_example.__file__)")
    assert all(line.startswith(str(environment)) for line in done.stdout.split()), done


def test_every_plugin_is_listed_with_distribution_version_and_kinds(ask: Callable[..., object]) -> None:
    listed = ask("answer = {p.name: [p.distribution, p.version, p.kinds, p.status] for p in host.plugins()}")
    assert isinstance(listed, dict)
    ours = {name: facts for name, facts in listed.items() if facts[0] != "llmhub"}
    assert ours == {
        "broken": ["llmhub-broken", "0.1", ["catalog"], "available"],
        "broken-command": ["llmhub-broken", "0.1", ["commands"], "available"],
        "clash": ["llmhub-clash", "0.1", ["catalog"], "disabled"],
        "example": ["llmhub-example", "1.2.3", ["catalog", "call"], "available"],
        "greet": ["llmhub-example", "1.2.3", ["commands"], "available"],
        "misspelt": ["llmhub-unknown-hook", "0.1", ["call"], "available"],
        "nap": ["llmhub-slow", "0.1", ["commands"], "available"],
        "slow": ["llmhub-slow", "0.1", ["catalog"], "available"],
    }


def test_our_own_plugins_are_found_in_the_same_way(ask: Callable[..., object]) -> None:
    names = ask("answer = [p.name for p in host.plugins() if p.distribution == 'llmhub']")
    assert isinstance(names, list)
    assert {"heuristic", "models_dev"} <= set(names)


def test_a_source_of_theirs_loads_its_models(ask: Callable[..., object]) -> None:
    script = """
from datetime import datetime, timezone
from llmhub.records.context import SourceContext
said = []
context = SourceContext(
    environ={}, now=lambda: datetime.now(timezone.utc), fetch_json=None, progress=said.append
)
sources = host.catalog_sources()
load = sources.pick("example").load(context)
answer = [str(sources.owner("example")), [r.model_id for r in load.records], said]
"""
    assert ask(script) == ["example (llmhub-example)", ["example-1"], ["one model"]]


def test_a_selector_and_a_hook_of_theirs_take_part_in_a_call(ask: Callable[..., object]) -> None:
    script = """
from llmhub.errors import CallRefused
from llmhub.records.calls import CallContext, Target
def call(**params):
    return CallContext(call_id="1", role="r", provider="p", model="a", mode="chat", method="completion", input=[],
                       params=params)
[hook] = host.call_hooks().before_call
seen = call()
hook.run(call=seen)
try:
    hook.run(call=call(temperature="forbidden"))
except CallRefused as error:
    refused = str(error)
targets = tuple(Target(provider="p", model=model, mode="chat") for model in "ab")
order = host.selectors().pick("last-first").order(seen, targets)
answer = [hook.plugin, seen.params, refused, [target.model for target in order]]
"""
    assert ask(script) == [
        "example",
        {"seen_by": "llmhub-example"},
        "the example plugin forbids this",
        ["b", "a"],
    ]


def test_the_broken_ones_are_named_and_passed_over(ask: Callable[..., object]) -> None:
    script = """
import io
host.catalog_sources(); host.call_hooks()
stream = io.StringIO(); host.report(stream)
answer = [line for line in stream.getvalue().splitlines() if "(llmhub)" not in line]
"""
    assert ask(script) == [
        (
            "llmhub: plugin 'broken' (llmhub-broken) failed to import: ModuleNotFoundError: No module named "
            "'a_package_that_nobody_has'. See `llmhub plugins show broken`, or set LLMHUB_DISABLE_PLUGINS=broken "
            "to go without it."
        ),
        (
            "llmhub: plugin 'misspelt' (llmhub-unknown-hook) failed to register: llmhub_before_calls is no hook of "
            "LLM Hub; did you mean llmhub_before_call? See `llmhub plugins show misspelt`, or set "
            "LLMHUB_DISABLE_PLUGINS=misspelt to go without it."
        ),
    ]


def test_two_that_clash_are_an_error_that_names_both(ask: Callable[..., object]) -> None:
    script = """
from llmhub.errors import NameClashError
try:
    host.catalog_sources()
except NameClashError as error:
    answer = str(error)
"""
    assert ask(script, disable="") == (
        "clash (llmhub-clash) and example (llmhub-example) both offer the catalog source 'example'. "
        "Disable one with LLMHUB_DISABLE_PLUGINS=example, or uninstall it."
    )


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_neither_help_nor_version_imports_a_plugin(run: Run, tmp_path: Path, option: str) -> None:
    trace = tmp_path / "imported"
    done = run("-m", "llmhub", option, env={"LLMHUB_SLOW_TRACE": str(trace), "NAP_SECONDS": "3"})
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert not trace.exists()


def test_the_trace_does_tell_when_the_slow_plugin_is_imported(run: Run, tmp_path: Path) -> None:
    trace = tmp_path / "imported"
    done = run("-m", "llmhub", "nap", env={"LLMHUB_SLOW_TRACE": str(trace)})
    assert done.stdout == "Awake.\n", done.stderr
    assert trace.exists()


def test_help_lists_the_commands_of_plugins_with_their_distribution(run: Run) -> None:
    listed = [line.split() for line in run("-m", "llmhub", "--help").stdout.splitlines()]
    assert ["greet", "from", "llmhub-example"] in listed
    assert ["nap", "from", "llmhub-slow"] in listed


def test_a_command_of_theirs_runs_and_has_its_own_help(run: Run) -> None:
    assert run("-m", "llmhub", "greet", "Ada").stdout == "Hello, Ada.\n"
    assert "Greet somebody." in run("-m", "llmhub", "greet", "--help").stdout


def test_a_broken_command_is_an_error_that_names_it_and_shows_no_traceback(run: Run) -> None:
    done = run("-m", "llmhub", "broken-command")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: plugin 'broken-command' (llmhub-broken) failed to import: ModuleNotFound")
    assert "Traceback" not in done.stderr


def test_the_plugins_command_tells_how_each_stands(run: Run) -> None:
    done = run("-m", "llmhub", "plugins", "--json")
    assert done.returncode == 0, done.stderr
    standing = {plugin["name"]: plugin["status"] for plugin in json.loads(done.stdout)}
    assert standing["broken"] == standing["broken-command"] == standing["misspelt"] == "failed"
    assert standing["clash"] == standing["example"] == "failed"
    assert standing["greet"] == standing["nap"] == standing["slow"] == "loaded"


def test_the_traceback_of_a_broken_plugin_can_be_looked_up(run: Run) -> None:
    done = run("-m", "llmhub", "plugins", "show", "broken")
    assert "Traceback (most recent call last)" in done.stdout, done.stderr
    assert "a_package_that_nobody_has" in done.stdout
