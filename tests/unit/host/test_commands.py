"""Commands of plugins: listed without importing, imported one at a time."""

from __future__ import annotations

import sys

import pytest

from llmhub.errors import NameClashError, PluginLoadError, UnknownContributionError

from .conftest import Site

COMMANDS = """
import click
from llmhub import hookimpl

@click.command()
def hello(): ...

@click.command("good-bye")
def bye(): ...

@hookimpl
def llmhub_commands():
    return [hello, bye]
"""
ENTRIES = "[llmhub.commands]\nhello = commands_m\ngood-bye = commands_m\n"


def test_names_come_with_their_distribution_and_nothing_is_imported(site: Site) -> None:
    site.install("llmhub-hello", ENTRIES, {"commands_m": COMMANDS})
    assert site.host().command_names() == {"good-bye": "llmhub-hello", "hello": "llmhub-hello"}
    assert "commands_m" not in sys.modules


def test_asking_for_one_command_imports_its_plugin_alone(site: Site) -> None:
    site.install("llmhub-hello", ENTRIES, {"commands_m": COMMANDS})
    site.install("llmhub-other", "[llmhub.commands]\nother = commands_other", {"commands_other": ""})
    host = site.host()
    assert [host.command(name).name for name in ("hello", "good-bye", "hello")] == ["hello", "good-bye", "hello"]
    assert "commands_other" not in sys.modules


def test_an_unknown_command_gets_the_nearest(site: Site) -> None:
    site.install("llmhub-hello", ENTRIES, {"commands_m": COMMANDS})
    with pytest.raises(UnknownContributionError, match=r"no command named 'helo'\. Did you mean 'hello'\?"):
        site.host().command("helo")


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("import nowhere_at_all", "failed to import: ModuleNotFoundError"),
        (COMMANDS.replace("[hello, bye]", "[bye]"), "llmhub_commands offers no command 'hello', only: good-bye"),
        ("", "llmhub_commands offers no command 'hello', only: none"),
        (COMMANDS.replace("[hello, bye]", "hello"), "returned a value of type Command, expected a list or tuple of"),
        (COMMANDS.replace("[hello, bye]", "[print]"), "a value of type builtin_function_or_method without a name"),
    ],
)
def test_a_command_whose_plugin_is_broken_is_an_error_with_a_remedy(site: Site, module: str, said: str) -> None:
    site.install("llmhub-hello", "[llmhub.commands]\nhello = commands_m\n", {"commands_m": module})
    host = site.host()
    for _ in range(2):
        with pytest.raises(PluginLoadError) as caught:
            host.command("hello")
        assert said in str(caught.value)
        assert "LLMHUB_DISABLE_PLUGINS=hello" in str(caught.value)
    assert host.plugins()[0].status == "failed"
    assert len(host.failures) == 1


def test_a_command_that_two_distributions_offer_is_listed_with_both_and_run_from_neither(site: Site) -> None:
    site.install("dist-a", "[llmhub.commands]\nhello = commands_m\n", {"commands_m": COMMANDS})
    site.install("dist-b", "[llmhub.commands]\nhello = commands_m\n")
    host = site.host()
    assert host.command_names() == {"hello": "dist-a and dist-b"}
    with pytest.raises(NameClashError, match=r"dist-a .* and dist-b .* both offer"):
        host.command("hello")


def test_a_broken_command_stands_in_nobodys_way(site: Site) -> None:
    site.install("dist-a", "[llmhub.commands]\nbroken = commands_broken\n", {"commands_broken": "1 / 0"})
    site.install("llmhub-hello", ENTRIES, {"commands_m": COMMANDS})
    host = site.host()
    assert host.command("hello").name == "hello"
    assert host.failures == ()
