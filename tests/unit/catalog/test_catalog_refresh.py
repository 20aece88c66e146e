from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from llmhub import hookimpl
from llmhub.catalog import load_catalog, refresh_catalog
from llmhub.errors import NoCatalogError, SourceError, UnknownContributionError
from llmhub.host import PluginHost
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import ModelRecord, SourceLoad


class Plugin:
    """Offers sources "one" and "two", and "extra" for those who ask for it; `calls` says which ran."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fails = False
        self.offline: list[bool] = []

    @hookimpl
    def llmhub_catalog_sources(self) -> Sequence[CatalogSource]:
        return [
            CatalogSource(name="one", load=lambda context: self._load("one", context)),
            CatalogSource(name="two", load=lambda context: self._load("two", context)),
            CatalogSource(name="extra", load=lambda context: self._load("extra", context), default=False),
        ]

    def _load(self, name: str, context: SourceContext) -> SourceLoad:
        self.calls.append(name)
        self.offline.append(context.offline)
        if self.fails:
            raise SourceError(name, "gone")
        providers = context.providers or ("host",)
        return SourceLoad(
            records=tuple(ModelRecord(source=name, provider=provider, model_id=f"{name}-1") for provider in providers)
        )


@pytest.fixture
def plugin() -> Plugin:
    return Plugin()


@pytest.fixture
def host(plugin: Plugin) -> PluginHost:
    host = PluginHost.empty()
    host.register(plugin, "test", "catalog")
    return host


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"LLMHUB_CACHE_DIR": str(tmp_path / "kept")}


def test_the_first_load_builds_and_the_next_reads(host: PluginHost, plugin: Plugin, environ: dict[str, str]) -> None:
    first = load_catalog(environ, host)
    assert sorted(plugin.calls) == ["one", "two"]
    second = load_catalog(environ, host)
    assert len(plugin.calls) == 2
    assert dict(second.models) == dict(first.models)
    assert second.fingerprint == first.fingerprint


def test_a_refresh_builds_anew_from_the_named_sources_and_providers(
    host: PluginHost, plugin: Plugin, environ: dict[str, str]
) -> None:
    load_catalog(environ, host)
    refresh_catalog(environ, host, sources=["extra"], providers=["mine"], price_ratio=5.0)
    stored = load_catalog(environ, host)
    assert list(stored.models) == ["mine:extra-1"]
    assert stored.statistics.price_ratio == 5.0


def test_a_source_that_nobody_offers_is_an_error(host: PluginHost, environ: dict[str, str]) -> None:
    with pytest.raises(UnknownContributionError, match=r"extre.*extra"):
        refresh_catalog(environ, host, sources=["extre"])


def test_a_failed_refresh_leaves_the_stored_catalog(host: PluginHost, plugin: Plugin, environ: dict[str, str]) -> None:
    before = load_catalog(environ, host)
    plugin.fails = True
    with pytest.raises(NoCatalogError, match="gone"):
        refresh_catalog(environ, host)
    assert dict(load_catalog(environ, host).models) == dict(before.models)


def test_a_damaged_file_is_set_aside_and_told_and_the_catalog_built_again(
    host: PluginHost, environ: dict[str, str], tmp_path: Path
) -> None:
    load_catalog(environ, host)
    file = tmp_path / "kept/catalog.json"
    file.write_text("{")
    catalog = load_catalog(environ, host)
    assert len(catalog) == 2
    assert "is damaged" in catalog.warnings[0]
    assert (tmp_path / "kept/catalog.json.set-aside").read_text() == "{"
    assert load_catalog(environ, host).warnings == ()


def test_a_catalog_that_cannot_be_kept_serves_all_the_same(host: PluginHost, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file, where a folder should be")
    catalog = refresh_catalog({"LLMHUB_CACHE_DIR": str(tmp_path / "kept")}, host)
    assert len(catalog) == 2
    assert "the catalog could not be kept" in catalog.warnings[0]


@pytest.mark.parametrize(("value", "offline"), [("1", True), ("true", True), ("0", False), ("", False), ("no", False)])
def test_offline_is_said_by_the_environment(
    host: PluginHost, plugin: Plugin, environ: dict[str, str], value: str, offline: bool
) -> None:
    refresh_catalog({**environ, "LLMHUB_OFFLINE": value}, host)
    assert set(plugin.offline) == {offline}
