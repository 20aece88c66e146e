"""No dead link: every page, picture and heading that a page points to is there, and every page can be reached.

Addresses elsewhere are held to their form only: a test opens no connection.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(DOCS.rglob("*.md")),
    *sorted(ROOT.glob("plugins/*/README.md")),
]
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    return [target for _, target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))]


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as the site makes them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower()) for title in titles}


def navigation() -> list[str]:
    """The pages that the site leads to, in its order."""

    def pages(entry: object) -> list[str]:
        if isinstance(entry, str):
            return [entry]
        return [page for inner in (entry.values() if isinstance(entry, dict) else entry) for page in pages(inner)]

    return pages(YAML(typ="safe").load(ROOT / "mkdocs.yml")["nav"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    dead = []
    for link in links(page):
        parts = urlsplit(link)
        if parts.scheme:
            if parts.scheme not in ("https", "http") or "." not in parts.netloc:
                dead.append(link)
            continue
        target = (page.parent / parts.path).resolve() if parts.path else page
        if not target.exists() or (parts.fragment and parts.fragment not in anchors(target)):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_of_the_site_leads_out_of_it_only_by_an_address(page):
    left = [link for link in links(page) if not urlsplit(link).scheme and link.startswith("../../")]
    assert [link for link in left if DOCS not in (page.parent / link).resolve().parents] == []


def test_the_site_leads_to_every_page_and_to_no_other():
    assert sorted(navigation()) == sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def test_nothing_of_the_site_is_loaded_from_another_host():
    for page in DOCS.rglob("*.md"):
        pictures = [target for sign, target in LINK.findall(page.read_text(encoding="utf-8")) if sign]
        assert [picture for picture in pictures if urlsplit(picture).scheme] == []
    for drawing in (DOCS / "assets").rglob("*.svg"):
        text = drawing.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
        assert not re.search(r"https?://|@import", text), drawing


def test_a_dead_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One\n\n[a](nowhere.md) [b](#one) [c](#two)\n\n```\n[d](no-link.md)\n```\n", encoding="utf-8")
    assert links(page) == ["nowhere.md", "#one", "#two"]
    assert anchors(page) == {"one"}
