"""Distributions as pip leaves them in site-packages, made by hand in a temporary folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Protocol

import pytest

from llmhub.host import PluginHost
from llmhub.host.entry_points import entry_points


class Site:
    """A folder that stands first on `sys.path`, and a host that sees nothing but what is in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self, name: str, entries: str, modules: Mapping[str, str] | None = None, *, version: str = "1.0"
    ) -> Path:
        metadata = self.folder / f"{name.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nProse.\n")
        (metadata / "entry_points.txt").write_text(dedent(entries))
        for module, source in (modules or {}).items():
            (self.folder / f"{module}.py").write_text(dedent(source))
        return metadata

    def host(self, **options: object) -> PluginHost:
        return PluginHost(entry_points([str(self.folder)]), **options)  # type: ignore[arg-type]


class Source(Protocol):
    def __call__(self, *names: str) -> str: ...


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(folder))
    yield Site(folder)
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(folder) in str(sys.modules[name].__file__):
            del sys.modules[name]


@pytest.fixture
def source_module() -> Source:
    """The text of a module that offers catalog sources of the given names."""

    def write(*names: str) -> str:
        offered = ", ".join(f"CatalogSource(name={name!r}, load=print)" for name in names)
        return (
            "from llmhub import hookimpl\n"
            "from llmhub.records.contributions import CatalogSource\n\n"
            "@hookimpl\n"
            "def llmhub_catalog_sources():\n"
            f"    return [{offered}]\n"
        )

    return write
