"""`llmhub serve keys`: what a key is made of, and how it is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest


def only(text: str) -> dict[str, Any]:
    [found] = json.loads(text)
    plain: dict[str, Any] = found
    return plain


def test_a_key_allows_calls_of_its_roles_and_the_catalog_unless_more_is_said(project) -> None:
    project.new_key("app", "--role", "chat", "--role", "llm.*")
    shown = only(project.command("serve", "keys", "list", "--json").stdout)
    assert (shown["allows"], shown["roles"]) == (["calls", "catalog"], ["chat", "llm.*"])


def test_a_key_allows_what_is_named_and_nothing_else(project) -> None:
    project.new_key("prometheus", "--allow", "metrics", "--allow", "metrics")
    listed = project.command("serve", "keys", "list").stdout
    assert listed.split("\n")[0].split() == ["key", "state", "allows", "roles", "budget", "made", "expires"]
    assert listed.split("\n")[1].split()[:4] == ["prometheus", "active", "metrics", "-"]
    shown = project.command("serve", "keys", "show", "prometheus").stdout
    assert ["allows", "metrics"] in [line.split() for line in shown.splitlines()]
    assert json.loads(project.command("serve", "keys", "show", "prometheus", "--json").stdout)["allows"] == ["metrics"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "--role says which roles a key may call"),
        (("--allow", "calls"), "--role says which roles a key may call"),
        (("--allow", "metrics", "--role", "chat"), "--allow leaves calls out"),
        (("--allow", "catalog", "--budget", "5"), "--allow leaves calls out"),
        (("--allow", "everything"), "'everything' is not one of 'calls', 'catalog', 'metrics'"),
        (("--role", "chat", "--per", "day"), "there is none"),
        (("--role", "chat", "--budget", "-5"), "no amount of US dollars"),
        (("--role", "chat", "--expires", "soon"), "neither a span"),
    ],
)
def test_options_that_do_not_go_together_are_refused_and_no_key_is_made(project, options, told) -> None:
    refused = project.command("serve", "keys", "add", "app", *options)
    assert refused.exit_code == 2
    assert told in refused.stderr
    assert "No keys" in project.command("serve", "keys", "list").stdout


def test_a_role_that_nothing_fits_is_told_with_the_nearest(project) -> None:
    made = project.command("serve", "keys", "add", "app", "--role", "chatt")
    assert made.exit_code == 0
    assert "no role of test is 'chatt' now. Did you mean 'chat'?" in made.stderr
