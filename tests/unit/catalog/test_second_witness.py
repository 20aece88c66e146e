import pytest

from llmhub.catalog.second_witness import bridges, witnessed
from llmhub.catalog.snapshot_date import SnapshotDate


@pytest.mark.parametrize(
    ("model_id", "display_name", "told"),
    [
        ("llama3-8b-instruct", "Llama 3.1 8B", "version 3.1"),
        ("deepseek.v3-v1:0", "DeepSeek-V3.1", "version 3.1"),
        ("deepseek/deepseek-v3", "DeepSeek V3 Base", "base model"),
        ("deepseek/deepseek-r1-0528", "DeepSeek R1 0120", "another date"),
    ],
)
def test_a_name_that_contradicts_the_id_is_told(model_id: str, display_name: str, told: str) -> None:
    found = witnessed(model_id, display_name)
    assert found is not None
    assert told in found.contradiction


@pytest.mark.parametrize(
    ("model_id", "display_name"),
    [
        ("claude-opus-4-5", None),
        ("claude-opus-4-5", "Claude Opus 4.5 (latest)"),
        ("mistralai/mistral-small-3.2-24b-instruct", "Mistral: Mistral Small 3.2 24B"),
        ("mistral-large-2411", "Mistral Large 24.11"),
        ("gpt-4o", "Our best one yet"),
    ],
)
def test_a_name_that_says_the_same_or_nothing_contradicts_nothing(model_id: str, display_name: str | None) -> None:
    found = witnessed(model_id, display_name)
    assert found is not None
    assert found.contradiction == ""


def test_a_name_adds_the_date_that_the_id_lacks() -> None:
    found = witnessed("moonshotai/kimi-k2", "Kimi K2 0711")
    assert found is not None
    assert (found.identity.date, found.dated_by_name) == (SnapshotDate(month=7, day=11), True)


def test_an_id_that_states_no_model_has_no_witness() -> None:
    assert witnessed("unheard-of/model-1", "GPT-4o") is None


def test_a_version_stands_for_a_date_while_all_names_agree() -> None:
    large = witnessed("mistral-large-2512", "Mistral Large 3")
    medium = witnessed("mistral-medium-2505", "Mistral Medium 3")
    moved = witnessed("mistralai/mistral-medium-2508", "Mistral Medium 3")
    assert large is not None
    assert medium is not None
    assert moved is not None
    december = SnapshotDate(year=2025, month=12)
    assert bridges([large, medium, moved]) == {
        ("mistral", ("3", "large", "mistral")): (("mistral", ("large", "mistral")), december)
    }
