"""What every catalog source promises."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from llmhub.errors import HubError, SourceError
from llmhub.records.context import Fetched, SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import ModelRecord, Price, SourceLoad
from llmhub.testing.contracts.network import this_machine_only

TIER_FIELDS = frozenset({"cost_tier", "quality_tier", "reasoning_tier", "creative_tier"})


class CatalogSourceContract:
    """Give the fixture `source`; and `environ`, with the variable that leads it to a server or files of your tests."""

    @pytest.fixture
    def source(self) -> CatalogSource:
        pytest.fail("the contract needs a fixture `source` that returns your CatalogSource")

    @pytest.fixture
    def environ(self) -> Mapping[str, str]:
        """The environment that the source sees."""
        return {}

    @pytest.fixture
    def providers(self) -> tuple[str, ...]:
        """The providers that are wanted; none means all."""
        return ()

    @pytest.fixture
    def config_dir(self, tmp_path: Path) -> Path:
        """The folder of the user's own files."""
        return tmp_path / "config"

    @pytest.fixture
    def context(
        self, environ: Mapping[str, str], providers: tuple[str, ...], config_dir: Path, tmp_path: Path
    ) -> SourceContext:
        """What the source works with: a network that keeps copies, in a folder of the test's own."""
        from llmhub.catalog.fetch import CachingFetch
        from llmhub.catalog.user_files import read_yaml

        def now() -> datetime:
            return datetime(2026, 11, 23, 12, tzinfo=UTC)

        return SourceContext(
            environ=environ,
            now=now,
            fetch_json=CachingFetch(folder=tmp_path / "downloads", now=now, first_wait=0.01),
            progress=lambda _: None,
            providers=providers,
            config_dir=config_dir,
            working_dir=tmp_path,
            read_yaml=read_yaml,
        )

    @pytest.fixture
    def loaded(self, source: CatalogSource, context: SourceContext) -> SourceLoad:
        """What the source gives."""
        return source.load(context)

    def test_it_gives_something(self, loaded: SourceLoad) -> None:
        assert isinstance(loaded, SourceLoad)
        assert loaded.records or loaded.listings

    def test_every_record_names_its_source_and_its_model(self, source: CatalogSource, loaded: SourceLoad) -> None:
        for record in loaded.records:
            # What a user decides is shown as "override", whichever source reads the user's files.
            assert record.source == (source.name if record.override is None else "override")
            assert record.model_id, "a record is of a model"
            assert record.model_id == record.model_id.strip()
            assert record.provider is None or (record.provider and ":" not in record.provider)

    def test_no_model_is_stated_twice(self, loaded: SourceLoad) -> None:
        counts = Counter((record.provider, record.model_id) for record in loaded.records)
        assert [name for name, count in counts.items() if count > 1] == []

    def test_figures_make_sense(self, loaded: SourceLoad) -> None:
        assert [fault for record in loaded.records for fault in faults_of(record)] == []

    def test_its_dates_are_dates(self, loaded: SourceLoad) -> None:
        for stated in (loaded.as_of, loaded.fetched_at):
            if stated is not None:
                date.fromisoformat(stated[:10])

    def test_the_same_data_give_the_same_records(self, source: CatalogSource, context: SourceContext) -> None:
        assert source.load(context).records == source.load(context).records

    def test_offline_it_leaves_the_network_alone(self, source: CatalogSource, context: SourceContext) -> None:
        with this_machine_only():
            self._load_or_say_why(source, evolve(context, fetch_json=_nothing_can_be_had, offline=True))

    def test_without_its_data_it_says_why(self, source: CatalogSource, context: SourceContext) -> None:
        self._load_or_say_why(source, evolve(context, fetch_json=_nothing_can_be_had))

    @staticmethod
    def _load_or_say_why(source: CatalogSource, context: SourceContext) -> None:
        """`HubError` is all that a source may raise."""
        try:
            loaded = source.load(context)
        except HubError as error:
            reason = str(error)
        else:
            reason = f"gave a {type(loaded).__name__}"
            assert isinstance(loaded, SourceLoad), reason
        assert reason.strip(), "an error says why"


def _nothing_can_be_had(url: str, *, accept: Callable[[Any, Any], None]) -> Fetched:
    raise SourceError(url, "cannot be reached")


def faults_of(record: ModelRecord) -> list[str]:
    """What cannot be true of *record*."""
    name, facts = f"{record.provider}:{record.model_id}", record.facts
    found = [
        f"{name}: {field} is {value}"
        for field in ("context_tokens", "max_input_tokens", "max_output_tokens")
        if (value := getattr(facts, field)) is not None and value <= 0
    ]
    if facts.price is not None:
        found += [f"{name}: price {fault}" for fault in _price_faults(facts.price)]
    for score in record.scores:
        low = score.rating if score.low is None else score.low
        high = score.rating if score.high is None else score.high
        if not (math.isfinite(score.rating) and low <= score.rating <= high):
            found.append(f"{name}: {score.category} is {score.rating} in {score.low} to {score.high}")
        if score.votes is not None and score.votes < 0:
            found.append(f"{name}: {score.category} has {score.votes} votes")
    places = Counter((score.board, score.category, score.mode) for score in record.scores)
    found += [f"{name}: two scores in {place}" for place, count in places.items() if count > 1]
    if record.override is not None:
        found += [
            f"{name}: {field} is {tier}"
            for field, tier in record.override.tiers.items()
            if field not in TIER_FIELDS or tier not in range(1, 6)
        ]
    return found


def _price_faults(price: Price) -> list[str]:
    amounts = {
        field: getattr(price, field)
        for field in ("input", "output", "reasoning", "cache_read", "cache_write", "input_audio", "output_audio")
    }
    return [
        f"{field} is {amount}"
        for field, amount in amounts.items()
        if amount is not None and not (math.isfinite(amount) and amount >= 0)
    ]
