"""What every tier deriver promises."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from llmhub.records.contributions import TierDeriver
from llmhub.records.model import CanonicalModel, CatalogStatistics
from llmhub.testing.contracts.catalog_source import TIER_FIELDS
from llmhub.testing.contracts.samples import BARE, MODELS, STATISTICS


class TierDeriverContract:
    """Give the fixture `deriver`; and `models`, if yours needs to see others to derive any tier."""

    @pytest.fixture
    def deriver(self) -> TierDeriver:
        pytest.fail("the contract needs a fixture `deriver` that returns your TierDeriver")

    @pytest.fixture
    def models(self) -> Sequence[CanonicalModel]:
        return MODELS

    @pytest.fixture
    def statistics(self) -> CatalogStatistics:
        return STATISTICS

    def test_tiers_run_from_1_to_5_or_are_unknown(
        self, deriver: TierDeriver, models: Sequence[CanonicalModel], statistics: CatalogStatistics
    ) -> None:
        for model in models:
            tiers = deriver.derive(model, statistics)
            assert set(tiers.values) <= TIER_FIELDS, model.canonical_id
            assert set(tiers.values.values()) <= {None, 1, 2, 3, 4, 5}, model.canonical_id

    def test_it_derives_some_tier_of_some_model_and_says_why(
        self, deriver: TierDeriver, models: Sequence[CanonicalModel], statistics: CatalogStatistics
    ) -> None:
        derived = 0
        for model in models:
            tiers = deriver.derive(model, statistics)
            for field in (field for field, tier in tiers.values.items() if tier is not None):
                derived += 1
                assert tiers.reasons.get(field, "").strip(), f"{model.canonical_id}: no reason for its {field}"
        assert derived

    def test_a_model_of_which_nothing_is_known_has_no_tier(
        self, deriver: TierDeriver, statistics: CatalogStatistics
    ) -> None:
        assert set(deriver.derive(BARE, statistics).values.values()) <= {None}

    def test_a_catalog_too_small_for_statistics_does_no_harm(
        self, deriver: TierDeriver, models: Sequence[CanonicalModel]
    ) -> None:
        for model in models:
            tiers = deriver.derive(model, CatalogStatistics(quantiles={}))
            assert set(tiers.values.values()) <= {None, 1, 2, 3, 4, 5}

    def test_the_same_facts_give_the_same_tiers(
        self, deriver: TierDeriver, models: Sequence[CanonicalModel], statistics: CatalogStatistics
    ) -> None:
        first = [deriver.derive(model, statistics) for model in models]
        again = [deriver.derive(model, statistics) for model in reversed(models)]
        assert first == again[::-1]
