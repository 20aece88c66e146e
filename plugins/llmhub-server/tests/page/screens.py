"""Takes the pictures of the page for the documentation: `python plugins/llmhub-server/tests/page/screens.py`.

Their models, prices and ratings are invented: pictures of real ones would be out of date before they are seen.
"""

from __future__ import annotations

import math
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from llmhub.builtin.tiers import llmhub_tier_derivers
from llmhub.catalog import Catalog, build_catalog
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import ModelFacts, ModelRecord, Price, Score, SourceLoad

sys.path.insert(0, str(Path(__file__).parents[1]))

from page.catalogs import stored_catalog
from page.conftest import ARGUMENTS, new_project, serving

FOLDER = Path(__file__).parents[4] / "docs" / "assets" / "screens"

PICTURES = {
    "page-catalog": ("?q=heron&model=harbour:heron-3-large", "light"),
    "page-map": ("map?provider=harbour,orchard,willow", "light"),
    "page-compare": ("compare?models=harbour:heron-3-large,orchard:quince-2,willow:wren-4-mini&calls=20000", "dark"),
}
"""Name of a picture to the address of what it shows, and its colours."""

LINES = {
    "harbour": ("heron-2", "heron-3", "gull-1"),
    "orchard": ("quince-1", "quince-2", "medlar-1"),
    "willow": ("wren-3", "wren-4"),
    "quarry": ("basalt-1", "heron-3"),
}
SIZES = {"mini": 0.08, "small": 0.25, "": 1.0, "large": 4.0, "max": 12.0}


def records() -> Iterator[ModelRecord]:
    """The invented models: what is larger costs more, and is mostly better."""
    chance = random.Random(7)
    for provider, lines in LINES.items():
        for age, line in enumerate(lines):
            for size, dear in SIZES.items():
                price = round(dear * chance.uniform(0.5, 1.8), 2)
                rating = 1310 + 34 * math.log(dear * 12) + 14 * age + chance.gauss(0, 16)
                width = chance.uniform(3, 11)
                score = Score(board="text", category="overall", rating=rating, low=rating - width, high=rating + width)
                name = f"{line}-{size}".strip("-")
                yield ModelRecord(
                    source="invented",
                    provider=provider,
                    model_id=name,
                    scores=() if chance.random() < 0.12 else (score,),
                    facts=ModelFacts(
                        display_name=name.replace("-", " ").title(),
                        family=line.split("-")[0],
                        context_tokens=chance.choice([64_000, 128_000, 200_000, 1_000_000]),
                        max_output_tokens=chance.choice([8_192, 32_000, 64_000]),
                        supports_tool_call=True,
                        supports_reasoning=dear > 0.5,
                        input_modalities=("text", "image") if dear > 0.2 else ("text",),
                        output_modalities=("text",),
                        release_date=f"2026-0{1 + 2 * age}-1{chance.randrange(10)}",
                        price=None if chance.random() < 0.06 else Price(input=price, output=round(price * 4, 2)),
                    ),
                )


def invented() -> Catalog:
    """The catalog of the pictures."""

    def unused(*_: object, **__: object) -> object:
        raise AssertionError("nothing is fetched")

    found = SourceLoad(records=tuple(records()), as_of="2026-06-01")
    source = CatalogSource(name="invented", load=lambda _: found, attribution="invented for this picture")
    context = SourceContext(
        environ={}, now=lambda: datetime.now(UTC), fetch_json=unused, progress=lambda _: None, offline=True
    )
    return build_catalog([source], llmhub_tier_derivers(), context)


def take(browser: Browser, address: str, theme: str, path: Path) -> None:
    """One picture."""
    context = browser.new_context(viewport={"width": 1200, "height": 750}, color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("main h1")
    page.wait_for_timeout(2500)
    page.screenshot(path=path)
    context.close()


def main(chromium: str) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        project = new_project(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        with serving(project, stored_catalog(invented(), Path(folder) / "cache")) as server:
            for name, (path, theme) in PICTURES.items():
                take(browser, server.address + path, theme, FOLDER / f"{name}.png")
                print(f"docs/assets/screens/{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")
