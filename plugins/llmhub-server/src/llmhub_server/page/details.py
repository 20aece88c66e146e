"""All that is known of one model, drawn: facts with their sources, prices, ratings, offers, alternatives, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub.catalog.alternatives import alternatives
from llmhub.catalog.credit import attributions, credit
from llmhub.catalog.explain import Explanation, explain
from llmhub.catalog.lifecycle import successor
from llmhub.records.measures import is_live
from llmhub.records.model import CanonicalModel
from llmhub_server.page.facts import (
    UNKNOWN,
    Fact,
    blended,
    facts,
    plain,
    prices,
    score_dates,
    score_in_words,
    score_table,
)
from llmhub_server.page.selection import address
from llmhub_server.page.shown_catalog import ShownCatalog
from llmhub_server.page.text import told, words


def model_address(model_id: str) -> str:
    """Where all that is known of a model stands."""
    return f"/models/{quote(model_id, safe=':/')}"


def draw_details(shown: ShownCatalog, model: CanonicalModel, *, heading: str) -> None:
    """All that the catalog tells of *model*; its id is a *heading* (`h1`, `h2`)."""
    catalog = shown.catalog
    words(heading, model.canonical_id, "model-id")
    if model.display_name:
        words("p", model.display_name, "muted")
    _draw_state(shown, model)
    with ui.element("p").classes("actions"):
        if heading != "h1":
            words("a", "A page of its own", "button quiet").props["href"] = model_address(model.canonical_id)
        words("a", "Compare", "button quiet").props["href"] = address("/compare", {"models": model.canonical_id})
    with ui.element("div").classes("columns"):
        with ui.element("div"):
            draw_facts("Facts", facts(model))
        with ui.element("div"):
            _draw_beside(shown, model)
    _draw_why(explain(model, shown.models, catalog.board_names()))


def _draw_beside(shown: ShownCatalog, model: CanonicalModel) -> None:
    catalog = shown.catalog
    if model.price is not None and model.price_state == "known":
        draw_facts("Price, $ per million tokens", list(prices(model.price)))
    if model.scores:
        _draw_scores(model)
    beside = alternatives(model, catalog.models, shown.price_ratio)
    draw_models("The same model elsewhere", catalog.offers(model), shown)
    nearness = "price" if model.arena_score is None else "rating"
    draw_models(f"Cheaper, nearest in {nearness} first", beside.cheaper, shown)
    draw_models("Rated better beyond chance, nearest in price first", beside.better, shown)
    if beside.note:
        words("p", f"Alternatives: {beside.note}.", "muted")


def draw_facts(title: str, lines: Sequence[Fact]) -> None:
    """*lines* as a list of names and values, each with its source."""
    words("h3", title)
    with ui.element("dl").classes("facts"):
        for fact in lines:
            words("dt", fact.name)
            with ui.element("dd"):
                words("span", fact.value, "muted" if fact.value == UNKNOWN else "")
                if fact.source:
                    words("span", fact.source, "source")


def draw_models(title: str, models: Iterable[CanonicalModel], shown: ShownCatalog) -> None:
    """*models* as a table, each a way to its own details."""
    words("h3", title)
    found = list(models)
    if not found:
        words("p", "None known.", "muted")
        return
    draw_table(
        ("Model", "$/M", "Score"),
        [(one.canonical_id, blended(one, shown.price_ratio), score_in_words(one)) for one in found],
        [model_address(one.canonical_id) for one in found],
    )


def draw_table(titles: Sequence[str], lines: Sequence[Sequence[str]], links: Sequence[str] = ()) -> None:
    """A table; the first cell of each line leads to its link, where there are *links*."""
    with ui.element("div").classes("table-frame"), ui.element("table").classes("table"):
        with ui.element("thead"), ui.element("tr"):
            for title in titles:
                words("th", title).props('scope="col"')
        with ui.element("tbody"):
            for place, line in enumerate(lines):
                with ui.element("tr"):
                    for column, cell in enumerate(line):
                        with ui.element("td"):
                            if column == 0 and links:
                                words("a", cell).props["href"] = links[place]
                            else:
                                words("span", cell, "muted" if cell == UNKNOWN else "")


def draw_credit(shown: ShownCatalog) -> None:
    """How old the catalog is, and whose data it shows."""
    catalog = shown.catalog
    names = [source.name for source in catalog.sources]
    lines = (credit(catalog, datetime.now(UTC)), *attributions(catalog.sources, names))
    told("footer", " ".join(line if line.endswith(".") else f"{line}." for line in lines), "credit")


def _draw_state(shown: ShownCatalog, model: CanonicalModel) -> None:
    here = shown.catalog.availability(model)
    detail = f" ({here.detail})" if here.detail else ""
    callable_here = "yes" if here.callable else f"no, {here.reason.replace('_', ' ')}"
    words("p", f"Callable here: {callable_here}{detail}", "muted")
    if not is_live(model):
        following = successor(model, shown.catalog.models)
        successors = f"{following.model.canonical_id} ({following.inference})" if following else "none known"
        words("p", f"{(model.status or '').capitalize()}. Successor: {successors}", "warning")


def _draw_scores(model: CanonicalModel) -> None:
    words("h3", "Ratings")
    draw_table(*score_table(model))
    for line in score_dates(model):
        words("p", line, "source")


def _draw_why(explanation: Explanation) -> None:
    with ui.element("details").classes("why"):
        words("summary", "Why: the name, the links, the price and the tiers")
        draw_facts("The name was understood as", plain(explanation.understood))
        words("h3", "Links to leaderboards")
        if explanation.links:
            for name, why in explanation.links.items():
                words("p", f"{name}: {why}")
        else:
            words("p", "None: no name of a leaderboard means it by any rule.", "muted")
            if explanation.nearest is not None:
                because = "; ".join(explanation.nearest.reasons)
                words("p", f"Nearest: {explanation.nearest.name}. {because}", "muted")
        words("h3", "Price")
        words("p", explanation.price)
        tiers = explanation.tiers.items()
        draw_facts(
            "Tiers, 1 (best or cheapest) to 5",
            [
                Fact(
                    name=name.removesuffix("_tier").capitalize(),
                    value=UNKNOWN if tier is None else str(tier),
                    source=reason or "no deriver judged it",
                )
                for name, (tier, reason) in tiers
            ],
        )
