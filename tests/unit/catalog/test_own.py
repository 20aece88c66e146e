"""A project that decides differently has a catalog of its own; what it says shows nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmhub.catalog import load_catalog, refresh_catalog
from llmhub.catalog.generations import generations
from llmhub.catalog.own import catalog_environ
from llmhub.catalog.stored_models import StoredModels
from llmhub.config.paths import CATALOG_VARIABLE, catalog_file
from llmhub.errors import ConfigError

MODEL = "openai:gpt-4o"


def overrides(price: float) -> str:
    return f"models:\n  {MODEL}:\n    facts:\n      price: {{input: {price}, output: {price}}}\n"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    mirror = tmp_path / "mirror.json"
    model = {"id": "gpt-4o", "name": "GPT-4o", "cost": {"input": 2.5, "output": 10}}
    mirror.write_text(json.dumps({"openai": {"models": {"gpt-4o": model}}}), encoding="utf-8")
    return {
        "LLMHUB_MODELS_DEV_URL": str(mirror),
        "LLMHUB_CACHE_DIR": str(tmp_path / "kept"),
        "LLMHUB_DISABLE_PLUGINS": "anyllm,genai_prices,lmarena,snapshot",
    }


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A project that says nothing of the catalog."""
    return project(tmp_path / "plain")


@pytest.fixture
def stern(tmp_path: Path) -> Path:
    """A project that knows a price better."""
    folder = project(tmp_path / "stern")
    (folder / "llmhub.overrides.yaml").write_text(overrides(7.0), encoding="utf-8")
    return folder


def project(folder: Path, file: str = "llmhub.yaml") -> Path:
    folder.mkdir()
    (folder / file).write_text("project: x\n", encoding="utf-8")
    return folder


def price(environ: dict[str, str], folder: Path) -> float | None:
    return load_catalog(environ, working_dir=folder).models[MODEL].price_input_per_million


def test_overrides_of_one_project_are_not_in_the_catalog_of_another(environ, plain, stern):
    listed = price(environ, plain)
    assert listed == 2.5
    assert price(environ, stern) == 7.0
    refresh_catalog(environ, working_dir=stern)
    assert price(environ, plain) == listed
    assert price(environ, stern) == 7.0


@pytest.mark.parametrize("file", ["llmhub.yaml", "llmhub.spec.yaml"])
def test_they_hold_beside_a_spec_and_beside_a_configuration_alone(environ, tmp_path, file):
    folder = project(tmp_path / "one", file)
    (folder / "llmhub.overrides.yaml").write_text(overrides(7.0), encoding="utf-8")
    (folder / "below").mkdir()
    assert price(environ, folder / "below") == 7.0


def test_a_change_of_them_is_in_force_at_the_next_look(environ, stern):
    assert price(environ, stern) == 7.0
    (stern / "llmhub.overrides.yaml").write_text(overrides(9.0), encoding="utf-8")
    assert price(environ, stern) == 9.0


def test_a_look_that_finds_no_change_builds_nothing(environ, stern):
    load_catalog(environ, working_dir=stern)
    before = catalog_file(catalog_environ(environ, stern)).stat()
    load_catalog(environ, working_dir=stern)
    assert catalog_file(catalog_environ(environ, stern)).stat() == before


def test_without_them_the_machines_catalog_holds_again(environ, plain, stern):
    listed = price(environ, plain)
    assert price(environ, stern) == 7.0
    (stern / "llmhub.overrides.yaml").unlink()
    assert price(environ, stern) == listed
    assert catalog_environ(environ, stern) is environ


def test_other_sources_and_another_ratio_make_a_catalog_of_its_own_too(environ, plain, stern):
    (stern / "llmhub.overrides.yaml").unlink()
    usual = load_catalog(environ, working_dir=plain)
    other = load_catalog(environ, working_dir=stern, price_ratio=10.0)
    assert (usual.statistics.price_ratio, other.statistics.price_ratio) == (3.0, 10.0)
    assert load_catalog(environ, working_dir=plain).statistics.price_ratio == 3.0
    assert load_catalog(environ, working_dir=stern, price_ratio=10.0).built_at == other.built_at
    assert load_catalog(environ, working_dir=stern).built_at == other.built_at, "whoever says nothing takes what is"
    refresh_catalog(environ, working_dir=stern)
    assert load_catalog(environ, working_dir=stern).statistics.price_ratio == 3.0


def test_earlier_catalogs_are_those_of_the_project(environ, plain, stern):
    load_catalog(environ, working_dir=plain)
    price(environ, stern)
    (stern / "llmhub.overrides.yaml").write_text(overrides(9.0), encoding="utf-8")
    price(environ, stern)
    assert len(generations(catalog_environ(environ, stern))) == 1
    assert generations(environ) == ()


def test_a_file_that_the_variable_names_counts_for_the_project_at_hand(environ, plain, tmp_path):
    listed = price(environ, plain)
    (tmp_path / "mine.yaml").write_text(overrides(5.0), encoding="utf-8")
    named = {**environ, "LLMHUB_OVERRIDES": str(tmp_path / "mine.yaml")}
    assert price(named, plain) == 5.0
    assert price(environ, plain) == listed


def test_where_the_user_names_a_place_all_projects_share_it(environ, plain, stern, tmp_path):
    named = {**environ, CATALOG_VARIABLE: str(tmp_path / "shared")}
    assert price(named, stern) == 7.0
    assert (tmp_path / "shared" / "catalog.json").is_file()
    assert price(named, plain) == 7.0


@pytest.mark.parametrize("variable", [CATALOG_VARIABLE, "LLMHUB_OVERRIDES"])
def test_a_home_that_nobody_knows_is_told_with_its_variable(environ, plain, variable):
    with pytest.raises(ConfigError, match=f"{variable} is '~nobody-of-this-name/x', and nobody knows that home"):
        load_catalog({**environ, variable: "~nobody-of-this-name/x"}, working_dir=plain)


def test_calls_are_priced_by_the_catalog_of_their_project(environ, plain, stern):
    listed = price(environ, plain)
    models = StoredModels(environ, stern)
    assert models("openai", "gpt-4o").price_input_per_million == listed
    price(environ, stern)
    assert models.renew(), "it has one of its own by now"
    assert models("openai", "gpt-4o").price_input_per_million == 7.0
    assert StoredModels(environ, plain)("openai", "gpt-4o").price_input_per_million == listed
    assert StoredModels(environ)("openai", "gpt-4o").price_input_per_million == listed


def test_a_damaged_note_only_means_that_the_catalog_is_built_again(environ, stern):
    assert price(environ, stern) == 7.0
    note = catalog_file(catalog_environ(environ, stern)).with_name("decided.json")
    assert json.loads(note.read_text())["project"] == str(stern)
    note.write_text("[]")
    assert price(environ, stern) == 7.0
    assert json.loads(note.read_text())["project"] == str(stern)
