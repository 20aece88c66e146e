"""Who may ask the page, as a function."""

from __future__ import annotations

import pytest

from llmhub_server.page.guard import refusal

OWN = {"host": "127.0.0.1:8090"}


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_names_of_this_machine_are_answered_at_the_port_of_the_page(name) -> None:
    assert refusal("http", "GET", {"host": f"{name}:8090"}, 8090) is None
    assert refusal("http", "GET", {"host": f"{name}:8091"}, 8090) is not None


@pytest.mark.parametrize(
    ("kind", "method", "headers"),
    [
        ("http", "GET", {}),
        ("http", "GET", {"host": "127.0.0.1.elsewhere.example:8090"}),
        ("http", "POST", {**OWN, "origin": "http://127.0.0.1:3000"}),
        ("http", "GET", {**OWN, "origin": "null"}),
        ("http", "GET", {**OWN, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}),
        (
            "http",
            "GET",
            {**OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        ),
        (
            "http",
            "POST",
            {**OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
        ),
        ("websocket", "GET", OWN),
        ("websocket", "GET", {**OWN, "origin": "http://elsewhere.example"}),
    ],
)
def test_what_does_not_come_from_the_page_itself_is_refused(kind, method, headers) -> None:
    assert refusal(kind, method, headers, 8090)


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("http", {**OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}),
        ("http", {**OWN, "sec-fetch-site": "none"}),
        ("websocket", {**OWN, "origin": "http://localhost:8090"}),
    ],
)
def test_a_link_that_was_followed_and_the_page_itself_are_answered(kind, headers) -> None:
    assert refusal(kind, "GET", headers, 8090) is None
