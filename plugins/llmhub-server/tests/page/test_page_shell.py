"""What stands around every view."""

from __future__ import annotations

import httpx
import pytest

from llmhub_server.page.views import VIEWS

from .looking import accessibility_faults, settle

NAVIGATION = [view for view in VIEWS if view.icon is not None]


def test_every_view_is_reached_by_the_navigation(page_server, visit) -> None:
    page = visit(page_server.address)
    for view in NAVIGATION:
        page.get_by_role("navigation").get_by_role("link", name=view.name, exact=True).click()
        page.wait_for_url(f"{page_server.address.rstrip('/')}{view.path}*")
        page.wait_for_selector("main h1")
        assert page.get_by_role("navigation").locator("[aria-current=page]").inner_text() == view.name


@pytest.mark.parametrize("view", NAVIGATION, ids=lambda view: view.name)
def test_axe_finds_no_serious_fault_and_nothing_overflows_a_narrow_screen(page_server, visit, view) -> None:
    page = visit(page_server.address.rstrip("/") + view.path)
    assert accessibility_faults(page) == []
    page.set_viewport_size({"width": 400, "height": 1000})
    page.reload()
    page.wait_for_selector("main h1")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_page_follows_the_colours_of_the_machine(page_server, visit) -> None:
    grounds = {}
    page = visit(f"{page_server.address}compare", theme="light")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_selector(f"body.body--{theme}")
        grounds[theme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert grounds["light"] != grounds["dark"]


def test_the_choice_of_colours_is_kept_across_visits(page_server, visit) -> None:
    page = visit(f"{page_server.address}compare", theme="light")
    page.get_by_role("button", name="Colours: system").click()
    page.get_by_role("button", name="Colours: light").click()
    page.wait_for_selector("body.body--dark")
    page.get_by_role("button", name="Colours: dark").wait_for()
    page.reload()
    page.wait_for_selector("body.body--dark")
    page.get_by_role("button", name="Colours: dark").wait_for()


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(page_server, visit) -> None:
    page = visit(page_server.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the view"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('view')")


def test_a_name_of_another_machine_that_points_here_is_not_answered(page_server) -> None:
    port = page_server.address.split(":")[2].strip("/")
    answer = httpx.get(page_server.address, headers={"Host": f"catalog.example:{port}"})
    assert answer.status_code == 403
    assert "this machine only" in answer.text


def test_another_site_may_neither_ask_nor_frame_the_page(page_server) -> None:
    asked = httpx.get(page_server.address, headers={"Origin": "http://elsewhere.example"})
    assert asked.status_code == 403
    fetched = httpx.get(page_server.address, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"})
    assert fetched.status_code == 403
    assert "frame-ancestors 'none'" in httpx.get(page_server.address).headers["content-security-policy"]


def test_another_site_cannot_open_a_connection_to_the_page(page_server, browser) -> None:
    page = browser.new_page()
    page.route("http://elsewhere.example/", lambda route: route.fulfill(body="<p>another site"))
    page.goto("http://elsewhere.example/")
    address = page_server.address.replace("http", "ws") + "_nicegui_ws/socket.io/?EIO=4&transport=websocket"
    outcome = page.evaluate(
        "address => new Promise(done => { const socket = new WebSocket(address);"
        " socket.onopen = () => done('open'); socket.onerror = () => done('refused') })",
        address,
    )
    page.close()
    assert outcome == "refused"


def test_nothing_is_written_into_the_project_by_looking(page_server, visit) -> None:
    before = sorted(path.name for path in page_server.folder.iterdir())
    visit(page_server.address)
    assert sorted(path.name for path in page_server.folder.iterdir()) == before == ["llmhub.spec.yaml", "llmhub.yaml"]


def test_the_policy_lets_no_program_run_that_the_page_does_not_name(page_server, browser) -> None:
    # Not by `visit`: that the browser tells of each refusal is the point here.
    page = browser.new_page()
    page.goto(f"{page_server.address}compare")
    page.wait_for_selector("main h1")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.harmed = 1\">')")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.harmed = 2'}))"
    )
    fetched = page.evaluate("fetch('http://elsewhere.example/').then(() => 'sent', () => 'refused')")
    page.wait_for_timeout(200)
    harmed = page.evaluate("window.harmed")
    page.close()
    assert fetched == "refused"
    assert harmed is None


def test_an_address_that_leads_nowhere_is_not_found(page_server) -> None:
    assert httpx.get(f"{page_server.address}nonsense").status_code == 404
    assert httpx.get(f"{page_server.address}assets/nonsense.js").status_code == 404


def test_a_page_that_there_is_not_shows_the_way_back(page_server, browser) -> None:
    # Not by `visit`: that the browser tells of the 404 is right.
    page = browser.new_page()
    page.goto(f"{page_server.address}nonsense")
    page.get_by_role("link", name="To the catalog").click()
    page.get_by_role("heading", name="Catalog").wait_for()
    page.close()
