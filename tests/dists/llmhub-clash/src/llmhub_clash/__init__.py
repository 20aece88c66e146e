"""Offers a second source named "example"."""

from llmhub import hookimpl
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import SourceLoad


@hookimpl
def llmhub_catalog_sources() -> list[CatalogSource]:
    return [CatalogSource(name="example", load=lambda context: SourceLoad(), default=False)]
