"""A process that runs for months prices by the catalog that is stored now, not by the one of its start."""

from __future__ import annotations

import os
from decimal import Decimal

import pytest

from llmhub import Hub, errors
from llmhub.catalog import refresh_catalog
from llmhub.catalog.catalog import Catalog
from llmhub.catalog.statistics import CatalogStatistics
from llmhub.catalog.store import write_catalog
from llmhub.catalog.stored_models import StoredModels
from llmhub.config.paths import catalog_file
from llmhub.records.model import CanonicalModel, Price
from llmhub.testing import ProviderServer

HELLO = [{"role": "user", "content": "Hello"}]
INPUT, OUTPUT = 1, 3
"""The tokens of "Hello" and its answer on the loopback."""


def store_price(dollars_per_million: float) -> None:
    model = CanonicalModel(
        canonical_id="office:house-model",
        provider="office",
        model_id="house-model",
        price_state="known",
        price=Price(input=dollars_per_million, output=dollars_per_million),
    )
    catalog = Catalog(
        models={model.canonical_id: model},
        statistics=CatalogStatistics(quantiles={}),
        built_at="2026-11-23T12:00:00+00:00",
    )
    write_catalog(catalog, catalog_file(os.environ))


def spent(hub: Hub) -> Decimal:
    account = hub._life.engine.observers.account
    assert account.flush()
    return sum((state.spent for state in account.states()), Decimal(0))


@pytest.fixture
def hub(provider_server: ProviderServer):
    role = {"provider": "office", "model": "house-model", "params": {"max_tokens": 10}, "retry": {"attempts": 1}}
    config = {
        "project": "shop",
        "providers": {"office": {"api_base": provider_server.openai_base}},
        "roles": {"chat": role},
        "budgets": {"all": {"limit": 1}},
    }
    with Hub(config=config) as hub:
        yield hub


def test_a_price_that_is_stored_later_opens_a_budget_that_let_nothing_through(hub):
    with pytest.raises(errors.UnboundedCallError, match="no price of office:house-model is known"):
        hub.completion("chat", HELLO)
    store_price(2.0)
    assert spent(hub) == 0
    hub.completion("chat", HELLO)
    assert spent(hub) == Decimal("0.000002") * (INPUT + OUTPUT)


def test_a_price_that_changes_counts_from_then_on(hub):
    store_price(2.0)
    hub.completion("chat", HELLO)
    first = spent(hub)
    store_price(4.0)
    hub.completion("chat", HELLO)  # its record makes the hub look
    spent(hub)
    before = spent(hub)
    hub.completion("chat", HELLO)
    assert spent(hub) - before == 2 * first


def test_a_file_that_cannot_be_read_is_told_once_and_prices_stay_as_they_were(caplog):
    store_price(2.0)
    models = StoredModels(os.environ)
    known = models("office", "house-model")
    assert known is not None
    catalog_file(os.environ).write_text("{", encoding="utf-8")
    assert not models.renew()
    assert not models.renew()
    assert models("office", "house-model") is known
    assert caplog.text.count("catalog.json is damaged") == 1


def test_a_catalog_that_is_stored_after_the_first_question_is_taken(tmp_path):
    models = StoredModels(os.environ)
    assert models("office", "house-model") is None
    assert not models.renew()
    store_price(2.0)
    assert models.renew()
    assert models("office", "house-model") is not None
    catalog_file(os.environ).unlink()
    assert not models.renew()
    assert models("office", "house-model") is not None, "what was known stays known"


def test_a_folder_that_cannot_be_looked_into_any_more_leaves_prices_as_they_were():
    store_price(2.0)
    environ = {**os.environ}
    models = StoredModels(environ)
    known = models("office", "house-model")
    environ["LLMHUB_CATALOG_DIR"] = "~nobody-of-this-name/catalog"
    assert not models.renew()
    assert models("office", "house-model") is known


def test_a_hub_prices_by_the_overrides_of_its_project_wherever_the_process_was_started(
    tmp_path, monkeypatch, provider_server
):
    (tmp_path / "mirror.json").write_text('{"openai": {"models": {"gpt-x": {"id": "gpt-x"}}}}', encoding="utf-8")
    monkeypatch.setenv("LLMHUB_MODELS_DEV_URL", str(tmp_path / "mirror.json"))
    monkeypatch.setenv("LLMHUB_DISABLE_PLUGINS", "anyllm,genai_prices,lmarena,snapshot")
    shop, elsewhere = tmp_path / "shop", tmp_path / "elsewhere"
    for folder in (shop, elsewhere):
        folder.mkdir()
    (shop / "llmhub.yaml").write_text(
        f"""
project: shop
providers: {{office: {{api_base: "{provider_server.openai_base}"}}}}
roles: {{chat: {{provider: office, model: house-model, params: {{max_tokens: 10}}}}}}
budgets: {{all: {{limit: 1}}}}
""",
        encoding="utf-8",
    )
    (shop / "llmhub.overrides.yaml").write_text(
        "models: {office:house-model: {pin: true, facts: {price: {input: 2, output: 2}}}}", encoding="utf-8"
    )
    refresh_catalog(os.environ, working_dir=shop)
    monkeypatch.chdir(elsewhere)
    with Hub(shop / "llmhub.yaml") as hub:
        hub.completion("chat", HELLO)
        assert spent(hub) == Decimal("0.000002") * (INPUT + OUTPUT)
