"""All fields of one model, each with its source and date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmhub.cli.render import dollars, print_fields, print_heading, print_table, print_text

if TYPE_CHECKING:
    from llmhub.records.model import CanonicalModel, Price


def print_facts(model: CanonicalModel) -> None:
    """Every field with its value and origin, the whole price, all scores by mode and category, and the links."""
    import attrs

    from llmhub.catalog.origin import TOLD_APART, origin

    print_heading(model.canonical_id)
    names = [field.name for field in attrs.fields(type(model)) if field.name not in TOLD_APART]
    print_table(
        ("field", "value", "source"),
        [(name, _value(getattr(model, name)), origin(model, name)) for name in names],
        unbroken=("field",),
    )
    if model.price is not None:
        print_heading("\nprice, $ per million tokens")
        print_fields(_prices(model.price))
    if model.scores:
        print_scores(model)
    for link in model.links:
        mode = f", mode {link.mode}" if link.mode else ""
        print_text(f"linked to {link.source} {link.name!r} ({link.relation}{mode}): {link.rule}")


def print_scores(model: CanonicalModel) -> None:
    """All ratings: a row per board and category, a column per mode of the model."""
    from llmhub.catalog.origin import sentence

    modes = sorted({score.mode for score in model.scores})
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for score in model.scores:
        interval = "" if score.low is None or score.high is None else f" ±{(score.high - score.low) / 2:.0f}"
        rows.setdefault((score.board, score.category), {})[score.mode] = f"{score.rating:.0f}{interval}"
    print_heading("\nscores")
    titles = [mode or "plain" for mode in modes]
    print_table(
        ("board", "category", *titles),
        [(board, category, *(cells.get(mode) for mode in modes)) for (board, category), cells in rows.items()],
        numeric=titles,
    )
    origins = [one for one in model.provenance if one.field.startswith("scores")]
    for one in origins:
        print_text(f"{one.field}: {sentence(one)}")


def _value(value: Any) -> str | None:
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _prices(price: Price) -> dict[str, object]:
    import attrs

    plain = {name: value for name, value in attrs.asdict(price, recurse=False).items() if name != "tiers"}
    told: dict[str, object] = {name: dollars(value) for name, value in plain.items() if value is not None}
    for tier in price.tiers:
        told[f"above {tier.above_tokens:,} tokens"] = f"{dollars(tier.input)} in, {dollars(tier.output)} out"
    return told
