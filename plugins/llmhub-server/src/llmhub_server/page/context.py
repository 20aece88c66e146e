"""What a view is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from llmhub.workspace import Workspace
    from llmhub_server.page.project import OpenProject
    from llmhub_server.page.shown_catalog import ShownCatalog


@frozen(kw_only=True, eq=False)
class PageContext:
    """One visit of one view.

    `workspace` has the project's files as they are now. `query` is what stands behind the `?` of the address, each
    name once; `path` what the address fills into the view's path; `cookies` what the browser kept from visits before.
    """

    project: OpenProject = field(repr=False)
    workspace: Workspace = field(repr=False)
    query: Mapping[str, str]
    path: Mapping[str, str]
    cookies: Mapping[str, str] = field(repr=False)

    def catalog(self) -> ShownCatalog:
        """The stored catalog; read again only when its file has changed.

        Raises:
            NoCatalogError: nothing is stored, and none can be built.
        """
        return self.project.catalog()
