"""Words of the page as HTML elements. What they say is text and never read as HTML."""

from __future__ import annotations

from nicegui.elements.mixins.text_element import TextElement  # noqa: TID253 - imported by `llmhub ui`, never at start-up


def words(tag: str, text: str, classes: str = "") -> TextElement:
    """An element *tag* (`h1`, `p`, `span`, ...) that says *text*."""
    element = TextElement(tag=tag, text=text)
    return element.classes(classes) if classes else element


def told(tag: str, text: str, classes: str = "") -> None:
    """An element *tag* that says *text*, in which what stands between backticks is code."""
    with TextElement(tag=tag, text="").classes(classes):
        for place, part in enumerate(text.split("`")):
            if part:
                words("code" if place % 2 else "span", part)
