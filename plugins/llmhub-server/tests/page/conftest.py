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
from playwright.sync_api import Browser, Page, expect, sync_playwright

from llmhub.catalog import Catalog, build_catalog
from llmhub.catalog.store import write_catalog
from llmhub.config.paths import catalog_file
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import (
    CanonicalModel,
    CatalogStatistics,
    ModelRecord,
    Price,
    PriceTier,
    Provenance,
    Score,
    SourceLoad,
    SourceState,
)

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


@pytest.fixture(scope="session", name="serving")
def serving_fixture() -> Callable[[Path, Mapping[str, str]], contextlib.AbstractContextManager[PageServer]]:
    """Starts a page server in an environment of one's own, for longer than one test."""
    return serving


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
def catalog_environ(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """An environment in which the catalog has all models of the real files, or a few where those are not at hand."""
    folder = tmp_path_factory.mktemp("cache")
    if REAL_DATA.is_dir():
        return stored_catalog(whole_catalog(REAL_DATA.resolve()), folder)
    print(f"the real files are not at hand ({REAL_DATA}); a few models written by hand stand in for them")
    return stored_catalog(small_catalog(), folder)


HARM = "<img src=x onerror=window.harmed=1>"
SCRIPT = "<script>window.harmed=1</script>"


def small_catalog() -> Catalog:
    """A few models whose facts are easy to remember; two of them are named by somebody who means harm."""

    def model(key: str, price: Price | None = None, score: float | None = None, **facts: Any) -> CanonicalModel:
        provider, _, model_id = key.partition(":")
        rated: dict[str, Any] = {}
        if score is not None:
            overall = Score(board="text", category="overall", rating=score, low=score - 5, high=score + 5)
            rated = {"arena_score": score, "arena_ci_low": score - 5, "arena_ci_high": score + 5, "scores": (overall,)}
        origins = [Provenance(field="model_id", source="models_dev", as_of="2026-06-01", rule="listed")]
        if price is not None:
            origins.append(Provenance(field="price", source="models_dev", as_of="2026-06-01", rule="known"))
            rated |= {"price_input_per_million": price.input, "price_output_per_million": price.output}
        if score is not None:
            origins.append(Provenance(field="scores", source="lmarena", as_of="2026-05-20", rule="exact"))
        state = "unknown" if price is None else "known"
        stated = {"price_state": state, "price": price, "output_modalities": ("text",), **rated, **facts}
        return CanonicalModel(
            canonical_id=key, provider=provider, model_id=model_id, provenance=tuple(origins), **stated
        )

    long_prompts = PriceTier(above_tokens=200_000, input=2.5, output=15.0, cache_read=0.25)
    models = (
        model("openai:gpt-4.1", Price(input=2.0, output=8.0), 1412.0, context_tokens=1_047_576, quality_tier=1,
              cost_tier=4, tags=("tools", "vision"), display_name="GPT-4.1", release_date="2025-04-14"),
        model("openai:gpt-4.1-mini", Price(input=0.4, output=1.6), 1380.0, context_tokens=1_047_576, quality_tier=2,
              cost_tier=2, tags=("tools", "vision"), display_name="GPT-4.1 mini"),
        model("anthropic:claude-opus-4-5", Price(input=5.0, output=25.0), 1468.0, context_tokens=200_000,
              quality_tier=1, cost_tier=5, tags=("reasoning", "tools")),
        model("office:long", Price(input=1.25, output=10.0, cache_read=0.125, tiers=(long_prompts,)), 1451.0,
              context_tokens=1_000_000, tags=("tools",)),
        model("office:unpriced", None, 1300.0, tags=("tools",)),
        model("office:unrated", Price(input=0.1, output=0.2), context_tokens=8_000),
        model("office:unknown"),
        model("office:planned", Price(input=0.0, output=0.0), 1350.0, price_state="included"),
        model("office:old", Price(input=10.0, output=30.0), 1250.0, status="deprecated"),
        model(f"office:{SCRIPT}", Price(input=0.3, output=0.5), 1500.0, display_name=SCRIPT, tags=(SCRIPT,)),
        model(f"{HARM}:{HARM}", Price(input=0.01, output=0.02), 1200.0, display_name=HARM, family=HARM),
    )  # fmt: skip
    return Catalog(
        models={one.canonical_id: one for one in models},
        statistics=CatalogStatistics(quantiles={}),
        sources=(SourceState(name="models_dev", ok=True, attribution="models.dev (MIT)", as_of="2026-06-01"),),
        built_at=datetime.now(UTC).isoformat(),
        fingerprint="written-by-hand",
    )


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
        context.set_default_timeout(30_000)
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


Faults = Callable[..., list[str]]


@pytest.fixture
def accessibility_faults() -> Faults:
    """What axe-core finds wrong with a page, or *within* a part of it, and calls serious or critical, a line each."""
    from axe_playwright_python.sync_playwright import Axe

    def look(page: Page, within: str | None = None) -> list[str]:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)  # an editor takes its colours a moment after the page has its own
        found = Axe().run(page, context=within).response["violations"]
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    return look
