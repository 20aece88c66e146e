"""`llmhub catalog` over a small catalog of hand-written sources."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

CLAUDE_3, CLAUDE_4 = "claude-3-opus-20240229", "claude-opus-4-5"


def entry(name: str, price: tuple[float, float] | None, **facts: Any) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "name": name,
        "attachment": True,
        "reasoning": False,
        "tool_call": True,
        "release_date": "2025-04-14",
        "last_updated": "2025-04-14",
        "modalities": {"input": ["text", "image"], "output": ["text"]},
        "open_weights": False,
        "limit": {"context": 200_000, "output": 32_000},
    }
    if price is not None:
        stated["cost"] = {"input": price[0], "output": price[1]}
    return stated | facts


def provider(name: str, models: dict[str, dict[str, Any]]) -> dict[str, Any]:
    listed = {model_id: {"id": model_id, **facts} for model_id, facts in models.items()}
    return {"id": name, "name": name, "env": [], "npm": "", "doc": "", "models": listed}


def models_dev() -> dict[str, Any]:
    gpt = {"limit": {"context": 1_047_576, "output": 32_768}}
    openai = {
        "gpt-4.1": entry("GPT-4.1", (2, 8), **gpt),
        "gpt-4.1-mini": entry("GPT-4.1 mini", (0.4, 1.6), **gpt),
        "gpt-4o-2024-11-20": entry("GPT-4o (2024-11-20)", (2.5, 10)),
        "gpt-5-pro": entry("GPT-5 Pro", None, reasoning=True),
        "text-embedding-3-small": entry("text-embedding-3-small", (0.02, 0), tool_call=False),
    }
    anthropic = {
        CLAUDE_3: entry("Claude Opus 3", (15, 75), status="deprecated", release_date="2024-02-29"),
        CLAUDE_4: entry("Claude Opus 4.5", (5, 25), reasoning=True, release_date="2025-11-24"),
    }
    openrouter = {
        "openai/gpt-4.1": entry("GPT-4.1", (2.1, 8.1), **gpt),
        "openai/gpt-4.1-mini": entry("GPT-4.1 mini", (0.4, 1.6), **gpt),
        "qwen/a-very-long-model-name-of-eighty-characters-or-so-which-no-narrow-terminal-can-hold": entry(
            "Long", (1, 1)
        ),
    }
    listed = {"openai": openai, "anthropic": anthropic, "openrouter": openrouter}
    return {name: provider(name, models) for name, models in listed.items()}


RATINGS = {
    "gpt-4.1-2025-04-14": 1412.0,
    "gpt-4.1-mini-2025-04-14": 1381.0,
    "gpt-4o-2024-08-06": 1336.0,
    CLAUDE_3: 1324.0,
    "claude-opus-4-5-20251101": 1468.0,
    "claude-opus-4-5-20251101-thinking-32k": 1470.0,
    "gpt-5-high": 1430.0,
    "grok-2-2024-08-13": 1280.0,
}


def leaderboard() -> dict[str, Any]:
    rows = {
        name: {"rating": rating, "rating_q025": rating - 5, "rating_q975": rating + 5}
        for name, rating in RATINGS.items()
    }
    return dict.fromkeys(("full", "math", "hard_6", "expert", "creative_writing", "coding"), rows)


class SmallCatalog:
    """A folder with two sources and the catalog built from them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LLMHUB_")},
            "LLMHUB_CACHE_DIR": str(folder / "cache"),
            "LLMHUB_MODELS_DEV_URL": (folder / "api.json").as_uri(),
            "LLMHUB_ARENA_URL": folder.as_uri(),
            "LLMHUB_DISABLE_PLUGINS": "genai_prices",  # it knows more prices than are written here
            "PYTHONWARNINGS": "error",
        }
        for name in [name for name in self.environment if name.endswith(("_API_KEY", "_TOKEN", "_HOST"))]:
            del self.environment[name]
        self.write(models_dev())
        for file in ("leaderboard-text-style-control.json", "leaderboard-text.json"):
            (folder / file).write_text(json.dumps(leaderboard()), encoding="utf-8")

    def write(self, document: dict[str, Any]) -> None:
        (self.folder / "api.json").write_text(json.dumps(document), encoding="utf-8")

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "llmhub", "catalog", *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallCatalog:
    catalog = SmallCatalog(tmp_path_factory.mktemp("catalog"))
    ended = catalog.run("refresh")
    assert ended.returncode == 0, ended.stderr
    return catalog


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["canonical_id"] for row in rows]


# --- show -----------------------------------------------------------------------------------------------------------


def test_show_lists_models_with_prices_whole_in_a_pipe(small):
    text = small.run("show", "--provider", "openai").stdout
    assert re.search(r"^openai:gpt-4.1 +1047576 +\$2\.00 +\$8\.00", text, re.MULTILINE)
    assert "\x1b[" not in text


def test_show_names_whose_data_it_shows_with_its_date(small):
    text = small.run("show").stdout
    assert re.search(r"^Data: LMArena.*(as of|fetched) \d{4}-", text, re.MULTILINE)
    assert re.search(r"^Data: models\.dev.*(as of|fetched) \d{4}-", text, re.MULTILINE)
    unrated = small.run("show", "--tag", "embedding").stdout
    assert "models.dev" in unrated
    assert "LMArena" not in unrated, "a board whose scores are not shown is not credited"


def test_the_unknown_is_a_dash(small):
    row = next(line for line in small.run("show").stdout.splitlines() if line.startswith("openai:gpt-5-pro"))
    assert row.split()[:4] == ["openai:gpt-5-pro", "200000", "-", "-"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--provider", "anthropic"], [f"anthropic:{CLAUDE_3}", f"anthropic:{CLAUDE_4}"]),
        (["--tag", "embedding"], ["openai:text-embedding-3-small"]),
        (["--tag", "reasoning", "--tag", "tools"], [f"anthropic:{CLAUDE_4}", "openai:gpt-5-pro"]),
        (
            ["--max-price", "0.8", "--sort", "price"],
            ["openai:text-embedding-3-small", "openai:gpt-4.1-mini", "openrouter:openai/gpt-4.1-mini"],
        ),
        (
            ["--min-context", "1000000", "--provider", "openai", "--sort", "quality"],
            ["openai:gpt-4.1", "openai:gpt-4.1-mini"],
        ),
        (["--callable"], []),
    ],
)
def test_show_filters_and_sorts(small, options, found):
    assert ids(small.json("show", "--json", *options)) == found


def test_show_prints_every_field_as_json_and_whether_it_can_be_called(small):
    row = next(row for row in small.json("show", "--json") if row["canonical_id"] == "openai:gpt-4.1")
    assert row["context_tokens"] == 1_047_576
    assert row["supports_tool_call"] is True
    assert row["arena_score"] == 1412.0
    assert (row["callable"], row["callable_reason"]) == (False, "no_key")
    assert "provenance" not in row
    (detailed,) = small.json("show", "--json", "--details", "--tag", "embedding")
    assert {entry["source"] for entry in detailed["provenance"]} == {"models_dev"}


def test_details_show_every_field_with_its_source(small):
    text = small.run("show", "--provider", "openai", "--details").stdout
    assert re.search(r"^context_tokens +1047576 +models_dev", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--provider", "opnai"], "Did you mean 'openai'?"),
        (["--tag", "tolls"], "Did you mean 'tools'?"),
        (["--sort", "prize"], "Did you mean 'price'?"),
    ],
)
def test_a_name_that_is_none_names_the_nearest(small, options, told):
    ended = small.run("show", *options)
    assert ended.returncode == 1
    assert told in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize("options", [["--max-price", "cheap"], ["--min-context", "-1"], ["--wrong"]])
def test_a_value_that_is_none_is_a_usage_error(small, options):
    assert small.run("show", *options).returncode == 2


# --- search, info, explain ------------------------------------------------------------------------------------------


def test_search_finds_by_every_word_and_else_names_the_nearest(small):
    assert ids(small.json("search", "gpt", "mini", "--json")) == [
        "openai:gpt-4.1-mini",
        "openrouter:openai/gpt-4.1-mini",
    ]
    assert "openai:gpt-4.1-mini" in small.run("search", "GPT 4.1 mini").stdout
    ended = small.run("search", "gtp-4.1-mni")
    assert ended.returncode == 1
    assert "gpt-4.1-mini" in ended.stderr
    assert small.json("search", "nothing-of-that-name", "--json") == []


def test_info_tells_every_field_with_source_and_date_and_what_else_there_is(small):
    text = small.run("info", "openai:gpt-4.1").stdout
    assert re.search(r"^arena_score +1412 +lmarena .*gpt-4\.1-2025-04-14", text, re.MULTILINE)
    assert re.search(r"^price_input_per_million +2 +models_dev", text, re.MULTILINE)
    assert re.search(r"^text +creative_writing +1412 ±5", text, re.MULTILINE)
    assert re.search(r"^openrouter:openai/gpt-4\.1 +1047576 +\$2\.10", text, re.MULTILINE)
    assert "OPENAI_API_KEY" in text, "what would make it callable"
    assert "LMArena" in text


def test_info_as_json_has_offers_and_alternatives(small):
    told = small.json("info", "openai/gpt-4.1", "--json")
    assert told["canonical_id"] == "openai:gpt-4.1"
    assert told["provenance"]
    assert ids(told["offers"]) == ["openrouter:openai/gpt-4.1"]
    assert ids(told["cheaper"]) == ["openai:gpt-4.1-mini"]
    assert ids(told["better"]) == [f"anthropic:{CLAUDE_4}"]
    assert told["successor"] is None


def test_info_on_a_deprecated_model_names_a_successor_as_an_inference(small):
    told = small.json("info", CLAUDE_3, "--json")
    assert told["status"] == "deprecated"
    assert told["successor"]["canonical_id"] == f"anthropic:{CLAUDE_4}"
    assert told["successor"]["inference"].startswith("inferred: ")
    assert "deprecated; successor: anthropic:claude-opus-4-5 (inferred" in small.run("info", CLAUDE_3).stdout


@pytest.mark.parametrize(
    "name", ["openai:gpt-4.1", "OPENAI/GPT-4.1", "gpt-4o-2024-11-20", "Claude Opus 4.5", "claude-opus-4.5"]
)
def test_info_takes_any_known_name(small, name):
    assert small.run("info", name).returncode == 0


def test_an_unknown_model_names_the_nearest(small):
    unknown = small.run("info", "gpt-4.1-mni")
    assert unknown.returncode == 1
    assert "Nearest: openai:gpt-4.1-mini" in unknown.stderr
    assert "Traceback" not in unknown.stderr


@pytest.mark.parametrize("command", ["info", "explain"])
def test_a_name_that_several_serve_is_taken_as_its_makers_own_and_that_is_said(small, command):
    ended = small.run(command, "GPT-4.1")
    assert ended.returncode == 0
    assert ended.stdout.startswith("openai:gpt-4.1\n")
    assert "'GPT-4.1' taken as openai:gpt-4.1, its maker's own; served as well as openrouter:openai/gpt-4.1." in (
        ended.stderr
    )
    assert json.loads(small.run(command, "GPT-4.1", "--json").stdout)["canonical_id"] == "openai:gpt-4.1"


def test_a_name_that_only_hosts_serve_lists_them(make_model):
    from llmhub.catalog import Catalog
    from llmhub.cli.commands.catalog.one_model import one_model
    from llmhub.cli.session import Session
    from llmhub.errors import CatalogError
    from llmhub.records.model import CatalogStatistics

    hosted = {key: make_model(key) for key in ("groq:openai/gpt-oss-120b", "cerebras:gpt-oss-120b")}
    catalog = Catalog(models=hosted, statistics=CatalogStatistics(quantiles={}))
    with pytest.raises(CatalogError, match="can mean 2 models; say which: groq:openai/gpt-oss-120b, cerebras:gpt-oss"):
        one_model(Session(), catalog, "gpt-oss-120b")


def test_explain_tells_links_with_their_rule_and_how_each_tier_came_about(small):
    text = small.run("explain", "openai:gpt-4.1").stdout
    assert re.search(r"^lmarena: gpt-4\.1-2025-04-14 +an undated name of that snapshot: \w", text, re.MULTILINE)
    assert re.search(r"^cost_tier +[1-5] +\S.*per million tokens", text, re.MULTILINE)
    assert "known: stated by models_dev" in text
    told = small.json("explain", "openai:gpt-4.1", "--json")
    assert told["tiers"]["quality_tier"]["reason"]
    assert told["links"][0]["rule"]


def test_explain_names_the_nearest_name_of_a_model_without_a_link_and_why_it_is_not_it(small):
    told = small.json("explain", "openai:gpt-4o-2024-11-20", "--json")
    assert told["links"] == []
    assert told["nearest"]["name"] == "gpt-4o-2024-08-06"
    assert "date" in told["nearest"]["reasons"][0]
    assert "gpt-4o-2024-08-06" in small.run("explain", "openai:gpt-4o-2024-11-20").stdout


def test_explain_takes_a_boards_name_that_is_no_known_model(small):
    assert "no model in the catalog was recognised" in small.run("explain", "grok-2-2024-08-13").stdout
    told = small.json("explain", "gpt-5-high", "--json")
    assert told["nearest"]["name"] == "openai:gpt-5-pro"


def test_show_tells_all_names_that_nothing_goes_by_at_once(small):
    ended = small.run("show", "--provider", "opnai", "--provider", "ollama", "--tag", "visoin", "--sort", "prce")
    assert ended.returncode == 1
    for told in (
        "the catalog has no provider 'opnai'. Did you mean 'openai'?",
        "no model of ollama is known yet",
        "no model has the tag 'visoin'. Did you mean 'vision'?",
        "models cannot be sorted by 'prce'. Did you mean 'price'?",
    ):
        assert told in ended.stderr


def test_without_a_rating_cheaper_models_are_said_to_be_ordered_by_price(small):
    assert "cheaper, nearest in price first" in small.run("info", "gpt-4o-2024-11-20").stdout
    assert "cheaper, nearest in rating first" in small.run("info", "openai:gpt-4.1").stdout


# --- export ---------------------------------------------------------------------------------------------------------


def test_export_lists_every_known_model_callable_or_not(small):
    rows = small.json("export")
    assert len(rows) == sum(len(one["models"]) for one in models_dev().values())
    assert {(row["callable"], row["callable_reason"]) for row in rows} == {(False, "no_key")}
    links = {link["source"] for row in rows for link in row["links"]}
    assert links == {"lmarena"}
    first = next(link for row in rows for link in row["links"])
    assert {"source", "name", "relation", "mode", "rule"} <= set(first)
    assert "provenance" not in rows[0]
    assert small.json("export", "--details")[0]["provenance"]


def test_export_writes_the_same_rows_as_csv_into_a_file(small, tmp_path):
    path = tmp_path / "models.csv"
    ended = small.run("export", "--format", "csv", "--output", str(path))
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "models.csv: 10 models" in ended.stderr
    read = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert ids(read) == ids(small.json("export"))


def test_export_into_a_folder_that_is_not_there_is_told_in_a_line(small, tmp_path):
    ended = small.run("export", "--output", str(tmp_path / "none" / "x.json"))
    assert ended.returncode == 1
    assert "cannot write" in ended.stderr
    assert "Traceback" not in ended.stderr


# --- sources, refresh, diff -----------------------------------------------------------------------------------------


def test_sources_tell_state_counts_and_which_providers_lack_a_key(small):
    text = small.run("sources").stdout
    assert re.search(r"^models_dev +ok +10 ", text, re.MULTILINE)
    assert "providers without a key" in text
    assert "dashscope" not in text
    assert max(map(len, text.splitlines())) < 120
    assert "Data: models.dev (MIT), as of" in text or "Data: models.dev (MIT), fetched" in text
    detailed = small.run("sources", "--details").stdout
    assert re.search(r"^dashscope +set DASHSCOPE_API_KEY$", detailed, re.MULTILINE)
    assert re.search(r"^models_dev fetched +20\d\d-", detailed, re.MULTILINE)
    told = small.json("sources", "--json")
    assert {one["provider"]: one["outcome"] for one in told["providers"]}["openai"] == "no_key"
    assert told["models"] == 10


@pytest.fixture
def changed(tmp_path: Path) -> SmallCatalog:
    """A catalog whose sources moved on since: one model added, one repriced, one whose context grew."""
    catalog = SmallCatalog(tmp_path)
    assert catalog.run("refresh").returncode == 0
    document = models_dev()
    document["openai"]["models"]["gpt-6"] = {"id": "gpt-6", **entry("GPT-6", (1, 2))}
    document["openai"]["models"]["gpt-4.1"]["cost"] = {"input": 1, "output": 4}
    document["anthropic"]["models"][CLAUDE_4]["limit"] = {"context": 1_000_000, "output": 32_000}
    catalog.write(document)
    return catalog


def test_refresh_tells_what_changed_and_diff_names_it(changed):
    text = changed.run("refresh").stdout
    assert re.search(r"1 added, 0 removed, 1 repriced, 1 changed", text)
    told = changed.json("diff", "--json")
    assert told["counts"] == {"added": 1, "removed": 0, "repriced": 1, "changed": 1}
    assert told["added"] == ["openai:gpt-6"]
    assert told["repriced"][0]["canonical_id"] == "openai:gpt-4.1"
    printed = changed.run("diff").stdout
    assert re.search(r"^openai:gpt-4\.1 +input +\$2\.00 +\$1\.00", printed, re.MULTILINE)
    assert re.search(r"claude-opus-4-5 +context_tokens +200000 +1000000", printed)
    year = told["older"]["built_at"][:4]
    assert changed.json("diff", year, "current", "--json")["counts"]["added"] == 1
    assert changed.json("refresh", "--json")["changes"]["counts"]["added"] == 0


def test_rollback_goes_back_and_forth_and_lists_what_there_is(changed):
    assert changed.run("refresh").returncode == 0
    listed = changed.json("rollback", "--list", "--json")
    assert [one["models"] for one in listed["earlier"]] == [listed["present"]["models"] - 1]
    built = listed["earlier"][0]["built_at"]
    assert re.search(
        rf"^1 +{re.escape(built)} +\d+ +[0-9a-f]{{16}}$", changed.run("rollback", "--list").stdout, re.MULTILINE
    )

    told = changed.json("rollback", "--json")
    assert told["present"]["fingerprint"] == listed["earlier"][0]["fingerprint"]
    assert told["replaced"] == listed["present"]
    assert told["counts"] == {"added": 0, "removed": 1, "repriced": 1, "changed": 1}
    assert changed.json("rollback", "--list", "--json")["present"]["models"] == told["present"]["models"]

    text = changed.run("rollback").stdout
    assert f"Back at the catalog of {told['replaced']['built_at']}" in text
    assert "1 added, 0 removed, 1 repriced, 1 changed" in text
    again = changed.json("rollback", built[:10], "--json")
    assert again["present"]["fingerprint"] in {one["fingerprint"] for one in (told["present"], told["replaced"])}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 1, "no earlier catalog to go back to"),
        (["1999-01-01"], 1, "no earlier catalog of '1999-01-01'"),
        (["1", "--list"], 2, "leave out either"),
    ],
)
def test_rollback_to_what_is_not_there_says_so_and_changes_nothing(small, arguments, code, told):
    before = small.run("rollback", "--list").stdout
    ended = small.run("rollback", *arguments)
    assert (ended.returncode, "Traceback" in ended.stderr) == (code, False)
    assert told in ended.stderr
    assert small.run("rollback", "--list").stdout == before
    assert "No earlier catalog is kept yet" in before


def test_diff_compares_files_and_says_when_nothing_changed(changed):
    file = str(changed.folder / "cache" / "catalog.json")
    assert "Nothing changed." in changed.run("diff", file, "current").stdout
    assert changed.json("diff", file, file, "--json")["counts"]["added"] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [([], "no earlier catalog"), (["1999-01-01"], "1999-01-01"), (["missing.json"], "missing.json")],
)
def test_diff_with_what_is_not_there_says_so(small, arguments, told):
    ended = small.run("diff", *arguments)
    assert ended.returncode == 1
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_diff_with_a_file_that_is_no_catalog_says_so(small, tmp_path):
    path = tmp_path / "notes.json"
    path.write_text("{}")
    ended = small.run("diff", str(path))
    assert ended.returncode == 1
    assert str(path) in ended.stderr


def test_refresh_tells_the_state_of_every_source_that_cannot_be_reached(run: Run):
    sources = json.loads(run("catalog", "refresh", "--json").stdout)["sources"]
    states = {source["name"]: source["ok"] for source in sources}
    assert states["snapshot"]
    assert not states["models_dev"]


# --- the group itself -----------------------------------------------------------------------------------------------


def test_help_lists_the_subcommands_without_importing_one(small):
    program = "import sys; from llmhub.cli import main\ntry: main()\nfinally: print(*sorted(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", program, "catalog", "--help"],
        env=small.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "export" in ended.stdout
    assert not [name for name in ended.stdout.split() if name.startswith("llmhub.cli.commands.catalog.")]
    assert "rich" not in ended.stdout.split()


def test_a_subcommand_that_is_none_names_the_nearest(small):
    ended = small.run("serch")
    assert ended.returncode == 2
    assert "Did you mean 'search'?" in ended.stderr
