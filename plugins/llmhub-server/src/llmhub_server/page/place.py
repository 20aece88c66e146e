"""The address that stands in the browser: it shows the same again to whoever it is sent to."""

from __future__ import annotations

import json

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up


def show_address(here: str) -> None:
    """Put *here* into the browser's address, without a visit and without a step in its history.

    A moment later, so that of many letters typed only the last counts: browsers bear no more than a few a second.
    """
    ui.run_javascript(
        "clearTimeout(window.addressSoon); window.addressSoon = setTimeout("
        f"() => history.replaceState(history.state, '', {json.dumps(here)}), 150)"
    )
