"""What axe-core says of each view as it is used, in both themes, and that nothing overflows a narrow screen."""

from __future__ import annotations

import pytest

from .looking import accessibility_faults, settle

VIEWS = {
    "details beside the grid": "?q=gpt&model=openai:gpt-4.1",
    "a model": "models/openai:gpt-4.1",
    "the map of some providers": "map?provider=openai,office",
    "a comparison": "compare?models=openai:gpt-4.1,anthropic:claude-opus-4-5,office:long,office:unpriced",
    "no such model": "models/openai:gpt-9",
}


@pytest.mark.parametrize("path", VIEWS.values(), ids=VIEWS.keys())
def test_axe_finds_no_serious_fault_and_nothing_overflows_the_screen(small_server, visit, path) -> None:
    page = visit(small_server.address + path)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1600
    page.set_viewport_size({"width": 400, "height": 1000})
    page.reload()
    page.wait_for_selector("main h1")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_details_cover_a_narrow_screen_and_let_go_of_it(small_server, visit) -> None:
    page = visit(f"{small_server.address}?model=openai:gpt-4.1", width=400)
    box = page.get_by_role("complementary").bounding_box()
    assert (box["x"], box["width"]) == (0, 400)
    page.get_by_role("button", name="Close the details").click()
    page.get_by_role("complementary").wait_for(state="hidden")


def test_filters_open_on_a_narrow_screen(small_server, visit) -> None:
    page = visit(small_server.address, width=400)
    assert not page.get_by_label("Price up to $/M").is_visible()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Price up to $/M").wait_for()


def test_the_keyboard_reaches_everything_in_the_order_it_is_read_and_is_seen_where_it_is(small_server, visit) -> None:
    page = visit(small_server.address)
    page.wait_for_function("performance.getEntriesByName('catalog-shown').length > 0")
    names, unseen = [], []
    for _ in range(20):
        page.keyboard.press("Tab")
        name, seen = page.evaluate(
            """() => {
                const one = document.activeElement;
                const name = one.getAttribute("aria-label") || one.textContent.trim();
                const style = getComputedStyle(one);
                const field = one.closest(".q-field--focused, .q-checkbox");
                return [name, style.outlineStyle !== "none" || style.boxShadow !== "none" || field !== null];
            }"""
        )
        names.append(name)
        unseen += [] if seen else [name]
    wanted = ["Skip to the view", "Catalog", "Map", "Compare", "Export CSV", "Columns", "Search", "Provider", "Tags"]
    assert [name for name in names if name in wanted] == wanted
    assert unseen == []
    page.wait_for_function("document.activeElement.closest('.model-grid') !== null")
