import pytest

from llmhub.anyllm.parameters import translate


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("openai", {"dimensions": 256}),
        ("ollama", {"dimensions": 256}),
        (None, {"dimensions": 256}),
        ("mistral", {"output_dimension": 256}),
        ("cohere", {"output_dimension": 256}),
        ("voyage", {"output_dimension": 256}),
        ("gemini", {"config": {"output_dimensionality": 256}}),
        ("vertexai", {"config": {"output_dimensionality": 256}}),
    ],
)
def test_embedding_dim_reaches_each_provider_under_its_own_name(provider, expected):
    assert translate(provider, "embedding", {"embedding_dim": 256}) == expected


@pytest.mark.parametrize("spelling", ["embedding_dim", "dimensions", "output_dimension"])
def test_any_common_spelling_of_the_size_is_understood(spelling):
    assert translate("openai", "embedding", {spelling: 64}) == {"dimensions": 64}


def test_a_size_joins_a_config_that_is_there_already():
    params = {"embedding_dim": 64, "config": {"task_type": "RETRIEVAL_QUERY"}}
    assert translate("gemini", "embedding", params) == {
        "config": {"task_type": "RETRIEVAL_QUERY", "output_dimensionality": 64}
    }


def test_max_completion_tokens_travels_as_max_tokens_which_every_provider_honours():
    assert translate("anthropic", "completion", {"max_completion_tokens": 9}) == {"max_tokens": 9}


def test_the_files_own_max_tokens_wins_over_its_synonym():
    assert translate("openai", "completion", {"max_tokens": 5, "max_completion_tokens": 9}) == {"max_tokens": 5}


def test_a_parameter_set_to_nothing_is_not_sent():
    assert translate("openai", "completion", {"temperature": None, "top_p": 0.0}) == {"top_p": 0.0}


def test_what_was_given_is_left_as_it_was():
    given = {"embedding_dim": 8}
    translate("openai", "embedding", given)
    assert given == {"embedding_dim": 8}
