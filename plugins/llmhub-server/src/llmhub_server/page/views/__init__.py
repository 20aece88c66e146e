"""The views of the page, and the table of them."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class View:
    """One view: its `path` in the address, its `name`, and the `module` whose `build` draws it.

    Those with an `icon` (a name among Material's, which NiceGUI ships) stand in the navigation. The catalog is read
    before one is drawn that `shows_catalog`.
    """

    path: str
    name: str
    module: str
    icon: str | None = None
    shows_catalog: bool = False


VIEWS = (
    View(path="/", name="Catalog", module="llmhub_server.page.views.catalog", icon="view_list", shows_catalog=True),
    View(path="/map", name="Map", module="llmhub_server.page.views.map", icon="scatter_plot", shows_catalog=True),
    View(
        path="/compare", name="Compare", module="llmhub_server.page.views.compare", icon="balance", shows_catalog=True
    ),
    View(path="/spec", name="Spec", module="llmhub_server.page.editor.view", icon="tune"),
    View(path="/spend", name="Spend", module="llmhub_server.page.spend.view", icon="payments"),
    View(path="/models/{model_id:path}", name="Model", module="llmhub_server.page.views.model", shows_catalog=True),
)
"""In the order of the navigation."""

NOWHERE = View(path="", name="No such page", module="llmhub_server.page.views.nowhere")
"""Where an address leads that no view has."""
