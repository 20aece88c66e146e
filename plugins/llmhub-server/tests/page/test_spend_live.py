"""Circuits of a running gateway beside those that the ledger lets one expect."""

from __future__ import annotations

import httpx
from playwright.sync_api import expect

from .conftest import new_project
from .looking import accessibility_faults

CHAT = {"model": "alone", "messages": [{"role": "user", "content": "Hello"}]}


def test_live_circuits_show_with_address_and_time_and_what_is_in_the_way_with_what_helps(
    serving, small_environ, start, provider_server, tmp_path, visit
) -> None:
    served = start(circuit={"failures": 2, "cooldown": 3600})
    provider_server.always("gpt-4o-mini", "500")
    for _ in range(2):
        httpx.post(f"{served.url}/v1/chat/completions", json=CHAT, timeout=60)
    folder = new_project(tmp_path)
    asked = ("--gateway", f"{served.url}/v1", "--gateway", "http://127.0.0.1:9")
    with serving(folder, small_environ, *asked) as server:
        page = visit(f"{server.address}spend")
        targets = page.locator(".panel", has=page.get_by_role("heading", name="Targets"))
        expect(targets.get_by_role("columnheader", name=f"live at 127.0.0.1:{served.port}")).to_be_visible()
        row = targets.locator("tr", has=page.get_by_role("cell", name="loopback:gpt-4o-mini", exact=True))
        expect(row.locator("td").nth(1)).to_have_text("open")
        expect(row.locator("td").nth(2)).to_have_text("not tried")
        expect(targets).to_contain_text(f"127.0.0.1:{served.port}: read at ")
        expect(targets).to_contain_text("127.0.0.1:9 cannot be reached: is llmhub serve running there?")
        expect(targets).to_contain_text("inferred from the ledger")
        assert accessibility_faults(page, ".panel") == []

        key = served.project.new_key("page", "--allow", "metrics")
        expect(targets).to_contain_text("asks for a key: llmhub serve keys add page --allow metrics")
        (folder / ".env").write_text(f"LLMHUB_GATEWAY_KEY={key}\n")
        page.reload()
        expect(row.locator("td").nth(1)).to_have_text("open")
        assert key not in page.content()
