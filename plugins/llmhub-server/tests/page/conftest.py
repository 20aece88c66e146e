"""The real `llmhub ui` with a real project folder, and a real browser that looks at it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field
from playwright.sync_api import Browser, Page, sync_playwright

from llmhub.catalog import Catalog, build_catalog
from llmhub.catalog.store import write_catalog
from llmhub.config.paths import catalog_file
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import ModelRecord, SourceLoad

REAL_DATA = Path(__file__).parents[4] / "../shared/data"
SAMPLE = Path(__file__).parent / "sample"
"""A few models and ratings, written by hand, for machines without the real files."""

SPEC = """\
project: shop
providers:
  openai: {enabled: true, env_key: OPENAI_API_KEY}
  anthropic: {enabled: true, env_key: ANTHROPIC_API_KEY}
roles:
  llm.answers:
    kind: chat
    description: Answers customers' questions about their orders
    preferences: {cost: medium, quality: high, needs: [tools]}
    fallbacks: 1
"""
CONFIG = """\
project: shop
env: dev
providers:
  openai: {env_key: OPENAI_API_KEY}
roles:
  llm.answers: {provider: openai, model: gpt-4.1, mode: chat}
"""

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is. Without one the tests of the page are skipped, and fail where they must not be: in CI."""
    found = os.environ.get("LLMHUB_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium: install it (apt-get install chromium), or name it in LLMHUB_TEST_CHROMIUM")
    if found is None:
        pytest.skip("no Chromium here: LLMHUB_TEST_CHROMIUM names one")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@define
class PageServer:
    """A running `llmhub ui`: its `address` ends in a slash; `told` is what it printed so far."""

    address: str
    folder: Path
    process: subprocess.Popen[str] = field(repr=False)
    told: list[str] = field(repr=False)


Serve = Callable[..., contextlib.AbstractContextManager[PageServer]]


@contextlib.contextmanager
def serving(folder: Path, environ: Mapping[str, str]) -> Iterator[PageServer]:
    """`llmhub ui` for the project in *folder*, on a free port, with nothing of this machine but *environ*."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "TMP", "TEMP") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "llmhub", "--project", str(folder), "ui", "--port", "0", "--no-open"],
        env={**kept, "PYTHONUNBUFFERED": "1", **environ},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    told: list[str] = []
    begun = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            told.append(line)
            if "http://" in line:
                begun.set()
        begun.set()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        assert begun.wait(60), "llmhub ui says nothing"
        address = next((line.split()[-1] for line in told if "http://" in line), None)
        assert address is not None, "".join(told)
        yield PageServer(address, folder, process, told)
    finally:
        process.terminate()
        process.wait(20)
        listener.join(20)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="session")
def data() -> Path:
    """The real files of models.dev and the leaderboard, or the small sample where they are not at hand."""
    if REAL_DATA.is_dir():
        return REAL_DATA.resolve()
    print(f"the real files are not at hand ({REAL_DATA}); a small sample stands in for them")
    return SAMPLE


@pytest.fixture(scope="session")
def real_data() -> Path:
    if not REAL_DATA.is_dir():
        pytest.skip(f"the real files are not at hand ({REAL_DATA})")
    return REAL_DATA.resolve()


def whole_catalog(data: Path) -> Catalog:
    """Every model of models.dev's file with its ratings, also of providers that any-llm has no name for."""
    from llmhub.builtin.lmarena.leaderboard import read_leaderboard
    from llmhub.builtin.models_dev.benchmarks import read_benchmarks
    from llmhub.builtin.models_dev.document import read_document
    from llmhub.builtin.models_dev.providers import any_llm_providers
    from llmhub.builtin.tiers import llmhub_tier_derivers

    def parsed(file: str) -> Any:
        return json.loads((data / file).read_bytes())

    def models(_: SourceContext) -> SourceLoad:
        scores, _ = read_benchmarks(parsed("models.dev/models.json"))
        records = tuple(
            ModelRecord(
                source="models_dev",
                provider=provider,
                model_id=model.model_id,
                facts=model.facts,
                scores=scores.get((model.provider, model.model_id), ()),
            )
            for model in read_document(parsed("models.dev/api.json")).models
            for provider in any_llm_providers(model.provider, model.model_id) or (model.provider,)
        )
        return SourceLoad(records=records, as_of="2026-06-01")

    def unused(*_: object, **__: object) -> Any:
        raise AssertionError("files need no network")

    ratings = read_leaderboard(parsed("arena/leaderboard-text-style-control.json"))
    sources = [
        CatalogSource(name="models_dev", load=models, priority=60, attribution="models.dev (MIT)"),
        CatalogSource(
            name="lmarena",
            load=lambda _: SourceLoad(records=ratings.records, as_of="2026-06-01"),
            priority=40,
            attribution="LMArena leaderboard",
        ),
    ]
    context = SourceContext(
        environ={}, now=lambda: datetime.now(UTC), fetch_json=unused, progress=lambda _: None, offline=True
    )
    return build_catalog(sources, llmhub_tier_derivers(), context)


@pytest.fixture(scope="session")
def catalog_environ(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """An environment in which the catalog is the whole of `data`."""
    return stored_catalog(whole_catalog(data), tmp_path_factory.mktemp("cache"))


def stored_catalog(catalog: Catalog, folder: Path) -> Mapping[str, str]:
    """*catalog*, stored in *folder*; the environment in which it is found there."""
    # Nothing is to begin a refresh, which would know fewer models.
    environ = {"LLMHUB_CACHE_DIR": str(folder), "LLMHUB_OFFLINE": "1"}
    write_catalog(catalog, catalog_file(environ))
    return environ


@pytest.fixture(scope="session")
def page_server(catalog_environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """The page of a project with spec and configuration, and the whole catalog. No test changes its files."""
    folder = tmp_path_factory.mktemp("projects") / "shop"
    folder.mkdir()
    (folder / "llmhub.spec.yaml").write_text(SPEC)
    (folder / "llmhub.yaml").write_text(CONFIG)
    with serving(folder, catalog_environ) as server:
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder of the test's own, with spec and configuration."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "llmhub.spec.yaml").write_text(SPEC)
    (folder / "llmhub.yaml").write_text(CONFIG)
    return folder


@pytest.fixture
def serve(catalog_environ: Mapping[str, str]) -> Serve:
    """Starts a page server of the test's own: `with serve(folder, NAME="value") as server`."""

    def start(folder: Path, **environ: str) -> contextlib.AbstractContextManager[PageServer]:
        return serving(folder, {**catalog_environ, **environ})

    return start


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens an address in a browser of a fresh visitor: `visit(address, width=400, theme="dark")`.

    At the end it is held against what holds for every view: the browser asked no other host for anything, and told of
    no error.
    """
    contexts, faults, addresses = [], [], set()

    def open_page(address: str, *, width: int = 1600, height: int = 1000, theme: str = "light") -> Page:
        host = address.split("/")[2]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("request", lambda request: addresses.add((host, request.url)))
        page = context.new_page()
        page.on("websocket", lambda socket: addresses.add((host, socket.url)))
        page.on("console", lambda told: faults.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        page.wait_for_selector("main h1")
        return page

    yield open_page
    for context in contexts:
        context.close()
    elsewhere = [url for host, url in addresses if not url.startswith(("data:", "blob:")) and url.split("/")[2] != host]
    assert elsewhere == []
    assert faults == []


Faults = Callable[[Page], list[str]]


@pytest.fixture
def accessibility_faults() -> Faults:
    """What axe-core finds wrong with a page and calls serious or critical, a line each."""
    from axe_playwright_python.sync_playwright import Axe

    def look(page: Page) -> list[str]:
        page.wait_for_timeout(100)
        found = Axe().run(page).response["violations"]
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    return look
