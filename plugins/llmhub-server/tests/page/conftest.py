"""The real `llmhub ui` with a real project folder, and a real browser that looks at it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from attrs import define, field
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from llmhub.catalog import Catalog

from . import editing
from .catalogs import small_catalog, stored_catalog, whole_catalog

REAL_DATA = Path(__file__).parents[4] / "../shared/data"

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

expect.set_options(timeout=20_000)  # a machine that does much else is slow, and not wrong

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


@contextlib.contextmanager
def serving(folder: Path, environ: Mapping[str, str], *arguments: str) -> Iterator[PageServer]:
    """`llmhub ui` for the project in *folder*, on a free port, with nothing of this machine but *environ*."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "TMP", "TEMP") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "llmhub", "--project", str(folder), "ui", "--port", "0", "--no-open", *arguments],
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


@pytest.fixture(scope="session", name="serving")
def serving_fixture() -> Callable[..., contextlib.AbstractContextManager[PageServer]]:
    """Starts a page server in an environment of one's own, for longer than one test."""
    return serving


@pytest.fixture(scope="session")
def real_data() -> Path:
    if not REAL_DATA.is_dir():
        pytest.skip(f"the real files are not at hand ({REAL_DATA})")
    return REAL_DATA.resolve()


@pytest.fixture(scope="session")
def catalog_environ(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """An environment in which the catalog has all models of the real files, or a few where those are not at hand."""
    folder = tmp_path_factory.mktemp("cache")
    if REAL_DATA.is_dir():
        return stored_catalog(whole_catalog(REAL_DATA.resolve()), folder)
    print(f"the real files are not at hand ({REAL_DATA}); a few models written by hand stand in for them")
    return stored_catalog(small_catalog(), folder)


@pytest.fixture(scope="session")
def few_models() -> Catalog:
    """`small_catalog`, as the tests of functions take it."""
    return small_catalog()


@pytest.fixture(scope="session")
def small_environ(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """An environment in which the catalog is `small_catalog`."""
    return stored_catalog(small_catalog(), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def small_server(small_environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """The page of a project without files, whose catalog is `small_catalog`."""
    folder = tmp_path_factory.mktemp("small") / "small"
    folder.mkdir()
    with serving(folder, small_environ) as server:
        yield server


@pytest.fixture(scope="session")
def page_server(small_environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """The page of a project with spec and configuration, and a few models. No test changes its files."""
    with serving(new_project(tmp_path_factory.mktemp("few")), small_environ) as server:
        yield server


@pytest.fixture(scope="session")
def whole_server(catalog_environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """The same with the whole catalog, which takes seconds to build: for what depends on how much there is."""
    with serving(new_project(tmp_path_factory.mktemp("whole")), catalog_environ) as server:
        yield server


def new_project(parent: Path) -> Path:
    """A project folder with spec and configuration."""
    folder = parent / "shop"
    folder.mkdir()
    (folder / "llmhub.spec.yaml").write_text(SPEC)
    (folder / "llmhub.yaml").write_text(CONFIG)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder of the test's own."""
    return new_project(tmp_path)


Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """What all visits share: what the browser keeps of the page's programs, so that each is read and compiled once."""
    context = browser.new_context()
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def visit(visitor: BrowserContext) -> Iterator[Visit]:
    """Opens an address as a fresh visitor, who was told to keep nothing: `visit(address, width=400, theme="dark")`.

    At the end it is held against what holds for every view: the browser asked no other host for anything, and told of
    no error.
    """
    pages: list[Page] = []
    faults, addresses, forgotten = [], set(), set()

    def open_page(address: str, *, width: int = 1600, height: int = 1000, theme: str = "light") -> Page:
        host = address.split("/")[2]
        page = visitor.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.on("request", lambda request: addresses.add((host, request.url)))
        page.on("websocket", lambda socket: addresses.add((host, socket.url)))
        page.on("console", lambda told: faults.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if host not in forgotten:
            # Not at the end of the test before: a page that is left keeps what is unsaved in it.
            what = {"origin": f"http://{host}", "storageTypes": "local_storage"}
            page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", what)
            forgotten.add(host)
        page.goto(address)
        page.wait_for_selector("main h1")
        return page

    yield open_page
    visitor.clear_cookies()
    for page in pages:
        if not page.is_closed():
            page.close()
    elsewhere = [url for host, url in addresses if not url.startswith(("data:", "blob:")) and url.split("/")[2] != host]
    assert elsewhere == []
    assert faults == []


@pytest.fixture(scope="session")
def editor_server(small_environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """The page of a project whose files each test finds fresh; one key is in the environment, one in `.env`."""
    folder = tmp_path_factory.mktemp("editor") / "shop"
    folder.mkdir()
    (folder / "llmhub.spec.yaml").write_text(editing.SPEC)
    (folder / ".env").write_text(f"ANTHROPIC_API_KEY={editing.DOTENV_KEY}\n")
    with serving(folder, {**small_environ, "OPENAI_API_KEY": editing.KEY}) as running:
        yield running


@pytest.fixture
def spec(editor_server) -> Path:
    (editor_server.folder / "llmhub.yaml").write_text(editing.CONFIG)
    path = editor_server.folder / "llmhub.spec.yaml"
    path.write_text(editing.SPEC)
    return path


@pytest.fixture
def edit(editor_server, spec, visit) -> Callable[..., Page]:
    """Opens the editor, and waits until a choice is made."""

    def edit(**options) -> Page:
        page = visit(f"{editor_server.address}spec", **options)
        expect(page.locator(".choice-model").first).to_be_attached(timeout=60_000)
        return page

    return edit
