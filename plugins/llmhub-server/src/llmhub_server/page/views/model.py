"""All that is known of one model, on a page of its own."""

from __future__ import annotations

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub_server.page.context import PageContext
from llmhub_server.page.details import draw_credit, draw_details, model_address
from llmhub_server.page.notice import Notice
from llmhub_server.page.selection import Selection, passing
from llmhub_server.page.text import words


def build(context: PageContext) -> None:
    """The model that the address names: by its id, or any name that means one."""
    shown, name = context.catalog(), context.path["model_id"]
    found = shown.catalog.lookup(name)
    if found is not None:
        ui.page_title(f"{found.canonical_id} · LLM Hub")
        with ui.element("article").classes("paper"):
            draw_details(shown, found, heading="h1")
            draw_credit(shown)
        return
    from llmhub_server.page.shell import draw_notice

    known = shown.catalog.matches(name)
    draw_notice(
        Notice(
            title="Several models have this name" if known else "Not in the catalog",
            lines=(f"{name} is served by {len(known)} providers." if known else f"The catalog knows no model {name}.",),
            commands=() if known else (f"llmhub catalog search {name}", "llmhub catalog refresh"),
        )
    )
    near = known or tuple(shown.models[place] for place in passing(shown.searched, Selection(text=name))[:10])
    for one in near[:20]:
        with ui.element("p"):
            words("a", one.canonical_id).props["href"] = model_address(one.canonical_id)
