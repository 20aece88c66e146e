"""The views, used as a person would: typed, clicked, by keyboard alone."""

from __future__ import annotations

import csv
import io

import httpx

from .looking import settle

SELECTED = ".ag-pinned-left-cols-container .ag-row [col-id='id']"


def listed(page):
    """The models that the grid shows, from the top."""
    settle(page)
    return page.locator(SELECTED).all_inner_texts()


def column(page, name):
    """The cells of a column, from the top."""
    return page.locator(f".ag-center-cols-container .ag-row [col-id='{name}']").all_inner_texts()


def test_the_best_rated_stand_first_and_the_unknown_last(small_server, visit) -> None:
    page = visit(small_server.address)
    assert listed(page)[1] == "anthropic:claude-opus-4-5"
    assert column(page, "score")[-2:] == ["-", "-"]


def test_unknown_prices_stand_last_whichever_way_they_are_sorted(small_server, visit) -> None:
    page = visit(small_server.address)
    listed(page)
    for dearest_first in (False, True):
        page.get_by_role("columnheader", name="Blended $/M").click()
        settle(page)
        prices = column(page, "price")
        assert sorted(prices[-3:]) == ["-", "-", "in a plan"]
        known = [float(price) for price in prices[:-3]]
        assert known == sorted(known, reverse=dearest_first)


def test_slash_leads_to_the_search_and_typing_narrows_the_grid(small_server, visit) -> None:
    page = visit(small_server.address)
    listed(page)
    page.keyboard.press("/")
    page.keyboard.type("gpt mini")
    page.get_by_text("1 of 11 models").wait_for()
    assert listed(page) == ["openai:gpt-4.1-mini"]
    page.wait_for_function("location.search.includes('q=gpt+mini')")
    page.keyboard.type(" of another world")
    page.get_by_text("No model has all that is asked.").wait_for()
    page.get_by_label("Search").fill("")
    page.get_by_text("No model has all that is asked.").wait_for(state="hidden")


def test_an_address_brings_the_same_selection_order_and_model_to_somebody_else(small_server, visit) -> None:
    page = visit(f"{small_server.address}?provider=openai&tags=tools&sort=price&model=openai:gpt-4.1")
    assert listed(page) == ["openai:gpt-4.1-mini", "openai:gpt-4.1"]
    aside = page.get_by_role("complementary")
    assert aside.get_by_role("heading", name="openai:gpt-4.1").is_visible()
    page.reload()
    assert listed(page) == ["openai:gpt-4.1-mini", "openai:gpt-4.1"]


def test_a_provider_and_a_limit_are_chosen_in_the_view(small_server, visit) -> None:
    page = visit(small_server.address)
    listed(page)
    page.get_by_label("Provider").click()
    page.get_by_role("option", name="openai").click()
    page.keyboard.press("Escape")
    page.get_by_text("2 of 11 models").wait_for()
    page.get_by_label("Price up to $/M").fill("1")
    page.get_by_text("1 of 11 models").wait_for()
    assert listed(page) == ["openai:gpt-4.1-mini"]


def test_rows_of_another_catalog_are_never_shown_for_those_of_this(small_server, visitor) -> None:
    # Not by `visit`: that the browser tells of the refusal is right.
    page = visitor.new_page()
    page.route("**/catalog.json?*", lambda route: route.continue_(url=f"{small_server.address}catalog.json?of=another"))
    page.goto(small_server.address)
    page.get_by_text("The catalog has changed meanwhile: reload the page.").wait_for()
    assert page.locator(SELECTED).count() == 0
    page.close()


def test_the_details_open_and_close_by_keyboard_and_focus_returns(small_server, visit) -> None:
    page = visit(f"{small_server.address}?q=gpt-4.1")
    listed(page)
    page.locator(SELECTED).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    aside = page.get_by_role("complementary")
    aside.get_by_role("heading", name="openai:gpt-4.1-mini").wait_for()
    page.wait_for_function("location.search.includes('model=openai:gpt-4.1-mini')")
    page.keyboard.press("Escape")
    aside.wait_for(state="hidden")
    page.wait_for_function("!location.search.includes('model=')")
    page.wait_for_function("document.activeElement.closest('.ag-cell') !== null")


def test_the_details_tell_sources_offers_and_why(small_server, visit) -> None:
    page = visit(f"{small_server.address}models/openai:gpt-4.1")
    text = page.locator("main").inner_text()
    assert "1412 ±5" in text
    assert "lmarena 2026-05-20" in text
    assert "openai:gpt-4.1-mini" in text
    page.get_by_text("Why: the name").click()
    page.get_by_text("known: stated by models_dev of 2026-06-01").wait_for()


def test_a_model_that_there_is_not_is_told_with_what_to_type(small_server, visit) -> None:
    page = visit(f"{small_server.address}models/openai:gpt-9")
    assert page.get_by_role("heading", name="Not in the catalog").is_visible()
    assert page.locator(".command").first.inner_text() == "llmhub catalog search openai:gpt-9"


def test_columns_that_were_chosen_are_kept_across_visits(small_server, visit) -> None:
    page = visit(small_server.address)
    listed(page)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Longest answer").click()
    page.get_by_role("checkbox", name="Released").click()
    page.locator(".ag-header-cell[col-id='longest']").wait_for()
    page.locator(".ag-header-cell[col-id='released']").wait_for(state="detached")
    page.reload()
    listed(page)
    assert page.locator(".ag-header-cell[col-id='longest']").count() == 1
    assert page.locator(".ag-header-cell[col-id='released']").count() == 0


def test_the_file_has_the_models_that_the_grid_shows(small_server, visit) -> None:
    page = visit(f"{small_server.address}?provider=openai")
    listed(page)
    address = page.get_by_role("link", name="Export CSV").get_attribute("href")
    table = httpx.get(small_server.address.rstrip("/") + address).text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["canonical_id"] for row in rows] == ["openai:gpt-4.1", "openai:gpt-4.1-mini"]
    assert rows[0]["arena_score"] == "1412.0"


def test_ticked_models_are_compared(small_server, visit) -> None:
    page = visit(f"{small_server.address}?provider=openai")
    listed(page)
    for place in (0, 1):
        page.locator(".ag-row .ag-selection-checkbox input").nth(place).click()
    page.get_by_role("link", name="Compare 2").click()
    page.wait_for_url("**/compare?models=*")
    titles = page.locator(".compare thead th a").all_inner_texts()
    assert titles == ["openai:gpt-4.1", "openai:gpt-4.1-mini"]


def test_the_map_says_what_it_leaves_out_and_tells_the_frontier_as_a_table(small_server, visit) -> None:
    page = visit(f"{small_server.address}map?provider=openai,anthropic,office")
    assert "5 of 6 models" in page.locator(".count").inner_text()
    assert (
        "1 with a price and no score, 2 with a score and no price, 1 with neither" in page.locator("main").inner_text()
    )
    best = page.locator("main table a").all_inner_texts()
    assert best == ["office:<script>window.harmed=1</script>"]


def test_a_point_of_the_map_leads_to_its_model(small_server, visit) -> None:
    page = visit(f"{small_server.address}map?provider=openai")
    page.wait_for_function("performance.getEntriesByName('map-shown').length > 0")
    box = page.locator(".model-map canvas").bounding_box()
    # The dearer and better of two stands in the upper right corner of what the axes span.
    spot = page.evaluate("document.querySelector('.model-map').spot('openai:gpt-4.1')")
    page.mouse.move(box["x"] + spot[0], box["y"] + spot[1])
    page.locator(".tip-name", has_text="openai:gpt-4.1").wait_for()
    assert "Score 1412 (1407–1417), of 2026-05-20" in page.locator(".model-map").inner_text()
    page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
    page.wait_for_url("**/models/openai:gpt-4.1")


def test_names_of_models_are_text_and_never_html(small_server, visit) -> None:
    harm, script = "<img src=x onerror=window.harmed=1>", "<script>window.harmed=1</script>"
    page = visit(small_server.address)
    assert f"office:{script}" in listed(page)
    assert f"{harm}:{harm}" in listed(page)
    page.get_by_text(script).first.click()
    page.get_by_role("complementary").get_by_role("heading", name=script).wait_for()
    page.keyboard.press("Escape")
    for label, name in (("Provider", harm), ("Tags", script)):
        page.get_by_label(label).click()
        page.get_by_role("option", name=name).click()
        page.keyboard.press("Escape")
    page.get_by_text("0 of 11 models").wait_for()
    assert page.evaluate("window.harmed") is None

    page.goto(f"{small_server.address}map?provider=office")
    page.wait_for_function("performance.getEntriesByName('map-shown').length > 0")
    box = page.locator(".model-map canvas").bounding_box()
    spot = page.evaluate("id => document.querySelector('.model-map').spot(id)", f"office:{script}")
    page.mouse.move(box["x"] + spot[0], box["y"] + spot[1])
    page.locator(".tip-name", has_text=script).wait_for()
    assert page.evaluate("window.harmed") is None

    page.goto(f"{small_server.address}compare?models=openai:gpt-4.1,office:{script.replace('/', '%2F')}")
    page.get_by_role("link", name=f"office:{script}").wait_for()
    assert page.evaluate("window.harmed") is None


def test_a_comparison_marks_what_differs_and_prices_a_workload(small_server, visit) -> None:
    page = visit(f"{small_server.address}compare?models=office:long,office:unpriced")
    month = page.locator("tr", has_text="A month of 30 days")
    assert month.locator("td").all_inner_texts() == ["$225.00", "-"]
    page.get_by_label("Input tokens a call").fill("200001")
    page.locator("td", has_text="$15,225.075").wait_for()
    page.wait_for_function("location.search.includes('input=200001')")
    assert page.locator("tr.differs", has_text="Context").count() == 1


def test_models_are_added_and_taken_away(small_server, visit) -> None:
    page = visit(f"{small_server.address}compare")
    for name in ("openai:gpt-4.1", "claude-opus-4-5"):
        page.get_by_label("Add a model").fill(name)
        page.keyboard.press("Enter")
        page.locator(".compare thead th a", has_text=name).wait_for()
    page.wait_for_function("location.search.includes('models=openai:gpt-4.1,anthropic:claude-opus-4-5')")
    page.get_by_role("button", name="Take openai:gpt-4.1 away").click()
    page.get_by_text("Add a second model").wait_for()
    page.get_by_label("Add a model").fill("gpt-9")
    page.keyboard.press("Enter")
    page.get_by_text("The catalog knows no model gpt-9.").wait_for()
