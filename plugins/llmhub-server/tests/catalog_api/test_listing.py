"""`GET /api/catalog`: filters, order, pages, columns."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import httpx
import pytest


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["canonical_id"] for one in answer.json()["models"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("provider=groq", ["groq:qwen/qwen3-32b"]),
        ("provider=groq,openrouter", ["groq:qwen/qwen3-32b", "openrouter:qwen/qwen3-32b:free"]),
        ("provider=groq&provider=openrouter", ["groq:qwen/qwen3-32b", "openrouter:qwen/qwen3-32b:free"]),
        ("tags=tools,vision", ["openai:gpt-4.1"]),
        ("mode=embedding", ["openai:text-embedding-3-small"]),
        ("mode=chat&max_price=1", ["groq:qwen/qwen3-32b"]),
        ("min_context=128000", ["openai:gpt-4.1", "openai:gpt-4o"]),
        ("max_quality_tier=2", ["openai:gpt-4.1"]),
        ("open_weights=true", ["groq:qwen/qwen3-32b", "openrouter:qwen/qwen3-32b:free"]),
        ("open_weights=false", ["openai:gpt-4.1", "openai:gpt-4o"]),
        ("status=retired", ["openai:gpt-3"]),
        ("status=live&provider=openai", ["openai:gpt-4.1", "openai:text-embedding-3-small"]),
        ("callable=true", []),
        ("q=QWEN3+32b", ["groq:qwen/qwen3-32b", "openrouter:qwen/qwen3-32b:free"]),
    ],
)
def test_a_filter_lets_pass_what_is_known_to_have_all_that_is_asked(
    client: httpx.Client, query: str, expected: list[str]
):
    assert ids(client.get(f"/api/catalog?{query}")) == expected


def test_retired_models_are_left_out_unless_they_are_asked_for(client: httpx.Client):
    assert "openai:gpt-3" not in ids(client.get("/api/catalog"))
    assert "openai:gpt-3" in ids(client.get("/api/catalog?status=any"))


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_what_is_unknown_comes_last_in_either_direction(client: httpx.Client, order: str):
    answer = client.get(f"/api/catalog?sort=arena_score&order={order}&fields=canonical_id,arena_score,arena_as_of")
    scores = [one["arena_score"] for one in answer.json()["models"]]
    known = [score for score in scores if score is not None]
    assert scores == [*known, *[None] * (len(scores) - len(known))]
    assert known == sorted(known, reverse=order == "desc")
    assert len(known) == 2
    assert answer.json()["models"][0]["arena_as_of"] == "2026-11-01"


def test_every_column_can_be_sorted_by_in_both_directions(client: httpx.Client):
    from llmhub_server.catalog_api.columns import COLUMNS

    for column in COLUMNS:
        up = ids(client.get(f"/api/catalog?sort={column}&status=any"))
        down = ids(client.get(f"/api/catalog?sort={column}&status=any&order=desc"))
        assert sorted(up) == sorted(down)
        assert len(up) == 6


def test_pages_by_cursor_hold_every_model_once(client: httpx.Client):
    seen, cursor = [], ""
    while cursor is not None:
        answer = client.get(
            "/api/catalog", params={"limit": 2, "sort": "context_tokens", **({"cursor": cursor} if cursor else {})}
        )
        seen += ids(answer)
        assert answer.json()["total"] == 5
        cursor = answer.json()["next"]
    assert len(seen) == len(set(seen)) == 5
    assert seen == ids(client.get("/api/catalog?sort=context_tokens"))
    assert ids(client.get("/api/catalog?sort=context_tokens&limit=2&offset=2")) == seen[2:4]


def test_a_cursor_of_an_earlier_catalog_is_refused_rather_than_joined(
    client: httpx.Client, stored: Callable[..., None]
):
    from .conftest import MODELS

    cursor = client.get("/api/catalog?limit=2").json()["next"]
    other = client.get("/api/catalog", params={"limit": 2, "cursor": cursor, "mode": "chat"})
    assert (other.status_code, other.json()["title"]) == (404, "the cursor is of another query")
    stored(*MODELS[1:], built_at="2026-11-21T09:00:00+00:00")
    answer = client.get("/api/catalog", params={"limit": 2, "cursor": cursor})
    assert (answer.status_code, answer.json()["title"]) == (404, "the cursor is of an earlier catalog")


def test_only_the_columns_that_are_named_are_told(client: httpx.Client):
    answer = client.get("/api/catalog?fields=model_id,price,provenance&provider=groq").json()
    assert list(answer["models"][0]) == ["model_id", "price", "provenance"]
    assert answer["models"][0]["price"]["input"] == 0.29
    assert answer["models"][0]["provenance"][1]["source"] == "models_dev"


def test_the_data_are_credited_with_their_dates(client: httpx.Client):
    answer = client.get("/api/catalog?provider=openai").json()
    assert answer["catalog"]["built_at"] == "2026-11-20T09:00:00+00:00"
    assert [(one["source"], one["as_of"]) for one in answer["attribution"]] == [
        ("models_dev", "2026-11-20"),
        ("lmarena", "2026-11-01"),
    ]
    assert [one["source"] for one in client.get("/api/catalog?provider=groq").json()["attribution"]] == ["models_dev"]


def test_all_faults_of_a_query_are_told_at_once_with_the_nearest_name(client: httpx.Client):
    answer = client.get(
        "/api/catalog?max_price=cheap&sort=price_inptu_per_million&limits=3&min_context=-1&open_weights=yes"
    )
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    told = {one["parameter"]: one for one in answer.json()["errors"]}
    assert set(told) == {"max_price", "sort", "limits", "min_context", "open_weights"}
    assert told["sort"]["suggestion"] == "price_input_per_million"
    assert told["limits"]["suggestion"] == "limit"


def test_a_provider_that_nothing_goes_by_is_remarked_on(client: httpx.Client):
    answer = client.get("/api/catalog?provider=opnai&tags=tolls").json()
    assert answer["total"] == 0
    assert answer["notes"] == [
        "no model of provider 'opnai' is known; did you mean 'openai'?",
        "no model has the tag 'tolls'; did you mean 'tools'?",
    ]


def test_an_answer_that_the_reader_has_is_not_sent_again(client: httpx.Client, stored: Callable[..., None]):
    first = client.get("/api/catalog?provider=openai")
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    again = client.get("/api/catalog?provider=openai", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/api/catalog?provider=groq", headers={"If-None-Match": tag}).status_code == 200
    stored(built_at="2026-11-21T09:00:00+00:00")  # the same models, told of anew
    assert client.get("/api/catalog?provider=openai", headers={"If-None-Match": tag}).status_code == 200


def test_an_answer_is_packed_where_it_is_asked_for_under_a_tag_of_its_own(client: httpx.Client):
    plain = client.get("/api/catalog")
    with client.stream("GET", "/api/catalog", headers={"Accept-Encoding": "br;q=1, gzip;q=0.5"}) as packed:
        body = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "Accept-Encoding" in packed.headers["vary"]
    refused = client.get("/api/catalog", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


def test_a_catalog_refreshed_by_another_process_is_noticed(client: httpx.Client, stored: Callable[..., None]):
    from .conftest import model

    assert len(ids(client.get("/api/catalog"))) == 5
    stored(model("openai:gpt-9", (1, 2)), built_at="2026-11-21T09:00:00+00:00")
    assert ids(client.get("/api/catalog")) == ["openai:gpt-9"]


def test_a_name_that_would_attack_a_page_comes_as_json_and_nothing_else(
    client: httpx.Client, stored: Callable[..., None]
):
    from .conftest import model

    name = "openai:<script>alert(1)</script>"
    stored(model(name, (1, 2)), built_at="2026-11-21T09:00:00+00:00")
    for address in (
        "/api/catalog",
        "/api/models/openai:%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/api/models/%3Cscript%3E",
    ):
        answer = client.get(address)
        assert answer.headers["content-type"] in ("application/json", "application/problem+json")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert ids(client.get("/api/catalog")) == [name]
    assert (
        json.loads(client.get("/api/models/openai:%3Cscript%3Ealert(1)%3C%2Fscript%3E").text)["model"]["canonical_id"]
        == name
    )


def test_methods_that_a_route_does_not_know_are_refused(client: httpx.Client):
    assert client.post("/api/catalog").status_code == 405
    assert client.get("/api/recommend").headers["allow"] == "POST"
