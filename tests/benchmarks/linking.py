"""Prints how many checked links are found, how many found links are false, and every link that is missed.

    python -m tests.benchmarks.linking [--data FOLDER]

Against both snapshots of the checked set, with all models that are known and with those of the providers any-llm
reaches, by the rules alone and with the alias facts.
"""

import argparse
import csv
import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

from llmhub.catalog.alias_facts import facts_on
from llmhub.catalog.linking import Offer, link

DATA = Path(__file__).parents[2] / "../shared/data"

FIRST_PARTY = frozenset(
    {"anthropic", "bedrock", "cohere", "dashscope", "deepseek", "gemini", "inception", "llama", "minimax", "mistral"}
    | {"moonshot", "openai", "vertexai", "vertexaianthropic", "xai", "zai"}
)

Pair = tuple[str, str, str]
"""Leaderboard's name, provider, model id."""


class Checked(NamedTuple):
    """One snapshot with what people found in it. `positive` pairs mean the same model, `negative` pairs never do."""

    day: date
    names: list[str]
    offers: list[Offer]
    reachable: frozenset[str]
    positive: frozenset[Pair]
    negative: frozenset[Pair]
    absent: frozenset[str]


class Measured(NamedTuple):
    """The links that were found, and the checked pairs of the providers in question that were not."""

    recall: float
    first_party_recall: float
    false: list[Pair]
    missed: list[Pair]
    seconds: float


SNAPSHOTS = (
    ("api.json", "links.csv", date(2026, 7, 2)),
    ("api-2025-12-17.json", "links_2025-12-17.csv", date(2025, 12, 17)),
)


def checked(data, snapshot, links, day):
    """The checked set of one snapshot, under any-llm's names for providers where it has one."""
    reached = json.loads((data / "linking/provider_map.json").read_bytes())["models_dev"]
    ours = {theirs: name for name, theirs in reversed(reached.items())}
    stated = rows(data / "linking" / links)

    def pair(row):
        provider = row["models_dev_provider"]
        return row["arena_name"], ours.get(provider, provider), row["models_dev_model_id"]

    offers = [
        Offer(
            provider=ours.get(provider, provider),
            model_id=model_id,
            display_name=model["name"],
            release_date=model["release_date"],
            reasons=model["reasoning"],
            makes_text="text" in model["modalities"]["output"],
        )
        for provider, entry in json.loads((data / "models.dev" / snapshot).read_bytes()).items()
        for model_id, model in entry["models"].items()
    ]
    return Checked(
        day=day,
        names=list(json.loads((data / "arena/leaderboard-text-style-control.json").read_bytes())["full"]),
        offers=offers,
        reachable=frozenset(ours.values()),
        positive=frozenset(pair(row) for row in stated if row["relation"] != "none"),
        negative=frozenset(pair(row) for row in rows(data / "linking/traps.csv")),
        absent=frozenset(row["arena_name"] for row in stated if row["relation"] == "none"),
    )


def measure(every, *, reachable_only, facts):
    """Recall over the pairs of reachable providers. With `reachable_only`, the linker knows no other models either."""
    offers = [one for one in every.offers if one.provider in every.reachable or not reachable_only]
    started = time.perf_counter()
    found = link("lmarena", every.names, offers, facts_on(every.day) if facts else ())
    seconds = time.perf_counter() - started
    pairs = {(one.name, *key) for key, links in found.items() for one in links}
    wanted = {pair for pair in every.positive if pair[1] in every.reachable}
    own = {pair for pair in wanted if pair[1] in FIRST_PARTY}
    return Measured(
        recall=len(wanted & pairs) / len(wanted),
        first_party_recall=len(own & pairs) / len(own),
        false=sorted(pair for pair in pairs if pair in every.negative or pair[0] in every.absent),
        missed=sorted(wanted - pairs),
        seconds=seconds,
    )


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.linking")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the real files")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"the real files are not at hand ({options.data})", file=sys.stderr)
        return 1
    for snapshot in SNAPSHOTS:
        every = checked(options.data, *snapshot)
        print(f"{snapshot[0]}: {len(every.offers)} models, {len(every.positive)} checked links")
        for reachable_only in (False, True):
            for facts in (False, True):
                told(measure(every, reachable_only=reachable_only, facts=facts), reachable_only, facts)
    return 0


def told(measured, reachable_only, facts):
    known = "reachable models known" if reachable_only else "all models known"
    by = "rules and facts" if facts else "rules alone"
    print(
        f"  {known:<22} {by:<16} recall {measured.recall:6.1%}, first-party {measured.first_party_recall:6.1%}, "
        f"false {len(measured.false)}, {measured.seconds:.2f} s"
    )
    for pair in measured.false:
        print(f"      FALSE  {pair[0]} -> {pair[1]}:{pair[2]}")
    for pair in measured.missed:
        print(f"      missed {pair[0]} -> {pair[1]}:{pair[2]}")


if __name__ == "__main__":
    sys.exit(main())
