"""When a page has all that it was to have, and what axe-core says of it then."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SETTLED = """
() => new Promise(done => {
  const luminance = colour => (([red, green, blue]) => 0.3 * red + 0.6 * green + 0.1 * blue)(colour.match(/\\d+/g));
  const complete = () => {
    if (document.querySelector(".model-grid") && !performance.getEntriesByName("catalog-shown").length) return false;
    const text = document.querySelector(".spec-text .cm-content"); // takes its colours after the page has its own
    const dark = document.body.classList.contains("body--dark");
    return !text || luminance(getComputedStyle(text).color) > 128 === dark;
  };
  let soon;
  const changed = () => { clearTimeout(soon); soon = setTimeout(end, 120); };
  const changes = new MutationObserver(changed);
  const end = () => {
    if (!complete()) return changed();
    changes.disconnect();
    done();
  };
  changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  changed();
})
"""


def settle(page: Page) -> None:
    """Wait until *page* has all that it was to have, and nothing in it changes any more."""
    page.evaluate(SETTLED)


def accessibility_faults(page: Page, within: str | None = None) -> list[str]:
    """What axe-core finds wrong with a page in light colours, or *within* a part of it, and calls serious or critical.

    A line each. Then the same in dark colours, for what these can change: contrast.
    """
    told = []
    # A button's words have a z-index, and axe takes them to lie below what is fixed and has none: so has a dialog one.
    page.add_style_tag(content=".q-dialog__inner { z-index: 1 }")
    for theme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=theme)
        page.wait_for_selector(f"body.body--{theme}")
        settle(page)
        told += [
            f"{theme}: {one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in Axe()
            .run(page, context=within, options={**options, "resultTypes": ["violations"]})
            .response["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    return told
