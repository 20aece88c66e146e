"""Looks over the built site: no dead link or heading, and nothing that a browser would load from another host."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

SITE = Path("site")


class Page(HTMLParser):
    """The links, the names that links may end at, and what a browser loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.names: set[str] = {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.names |= {given.get("id", ""), given.get("name", "")}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif "src" in given or tag == "link":
            self.loaded.append(given.get("src") or given.get("href", ""))


def problems(pages: dict[Path, Page]) -> list[str]:
    found = []
    for path, page in pages.items():
        found += [f"{path}: loads {address}" for address in page.loaded if urlsplit(address).netloc]
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or path.name == "404.html":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                found.append(f"{path}: leads to {link}, which is not there")
            elif target in pages and unquote(parts.fragment) not in pages[target].names:
                found.append(f"{path}: leads to {link}, and there is no such heading")
    return found


if __name__ == "__main__":
    read = {path.resolve(): Page(path.resolve()) for path in SITE.rglob("*.html")}
    wrong = problems(read)
    sys.stdout.write("\n".join([*wrong, f"{len(read)} pages looked over, {len(wrong)} problems"]) + "\n")
    sys.exit(bool(wrong) or not read)
