"""Every other route: embeddings, responses, models, pictures, sound, judgements."""

from __future__ import annotations

import base64
import json
import struct

import httpx
import pytest


def post(gateway, path: str, document):
    return httpx.post(f"{gateway.openai_base}/{path}", json=document, timeout=20)


def refused(answer: httpx.Response, code: str, param: str | None) -> bool:
    error = answer.json()["error"]
    return (answer.status_code, error["code"], error["param"]) == (400, code, param)


# --- embeddings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "count"), [("one", 1), (["one"], 1), (["one", "two"], 2)])
def test_texts_become_vectors(gateway, given, count):
    answer = post(gateway, "embeddings", {"model": "embed", "input": given})
    said = answer.json()
    assert [(each["index"], len(each["embedding"])) for each in said["data"]] == [(i, 1536) for i in range(count)]
    assert answer.headers["x-llmhub-target"] == "loopback:text-embedding-3-small"


def test_vectors_have_the_size_and_the_form_that_were_asked_for(gateway):
    asked = {"model": "embed", "input": "one", "dimensions": 5}
    [plain] = post(gateway, "embeddings", {**asked, "encoding_format": "float"}).json()["data"]
    [packed] = post(gateway, "embeddings", {**asked, "encoding_format": "base64"}).json()["data"]
    assert list(struct.unpack("<5f", base64.b64decode(packed["embedding"]))) == plain["embedding"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([], "invalid_value"),
        ([1, 2], "tokens_not_supported"),
        ([[1], [2]], "tokens_not_supported"),
        ([None], "invalid_type"),
        (7, "invalid_type"),
    ],
)
def test_what_is_no_text_is_refused(gateway, given, code):
    assert refused(post(gateway, "embeddings", {"model": "embed", "input": given}), code, "input")


def test_an_unknown_form_of_vectors_is_refused(gateway):
    answer = post(gateway, "embeddings", {"model": "embed", "input": "x", "encoding_format": "hex"})
    assert refused(answer, "invalid_value", "encoding_format")


# --- responses ------------------------------------------------------------------------------------------------------


def test_a_response_is_answered(gateway):
    answer = post(gateway, "responses", {"model": "chat", "input": "Hello"})
    said = answer.json()
    assert (said["object"], said["status"]) == ("response", "completed")
    assert said["output"][0]["content"][0]["text"] == "You said: Hello"
    assert answer.headers["x-llmhub-target"] == "loopback:gpt-4o-mini"


def test_a_response_streams_its_events_under_their_names(gateway):
    answer = post(gateway, "responses", {"model": "chat", "input": "Hello", "stream": True})
    *blocks, comment = [block for block in answer.text.split("\n\n") if block]
    named = [block.split("\n")[0].removeprefix("event: ") for block in blocks]
    parsed = [json.loads(block.split("\ndata: ")[1]) for block in blocks]
    assert [event["type"] for event in parsed] == named
    assert (named[0], named[-1]) == ("response.created", "response.completed")
    assert "".join(event["delta"] for event in parsed if event["type"] == "response.output_text.delta") == (
        "You said: Hello"
    )
    assert comment.startswith(": llmhub ")


def test_a_response_that_breaks_ends_with_an_error(gateway):
    gateway.provider.fail("gpt-4o-mini", "cut-4")
    said = post(gateway, "responses", {"model": "alone", "input": "Hello", "stream": True}).text
    assert "response.completed" not in said
    events = [json.loads(line.removeprefix("data: ")) for line in said.splitlines() if line.startswith("data: ")]
    assert events[-1]["type"] == "error"
    assert [event["sequence_number"] for event in events] == list(range(len(events)))


def test_a_response_says_what_it_was_asked_for_under_the_names_of_the_api(gateway):
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    asked = {"format": {"type": "json_schema", "name": "person", "schema": schema}}
    said = post(gateway, "responses", {"model": "alone", "input": "Hello", "text": asked}).json()
    assert said["text"]["format"]["schema"] == schema
    assert "schema_" not in said["text"]["format"]


# --- models ---------------------------------------------------------------------------------------------------------


def test_the_models_are_the_roles(gateway):
    listed = httpx.get(f"{gateway.openai_base}/models").json()
    assert listed["object"] == "list"
    by_name = {model["id"]: model for model in listed["data"]}
    assert {"chat", "embed", "image"} <= set(by_name)
    chat = by_name["chat"]
    assert (chat["object"], chat["owned_by"]) == ("model", "loopback")
    assert chat["llmhub"]["mode"] == "chat"
    assert chat["llmhub"]["targets"] == ["loopback:gpt-4o-mini", "loopback:gpt-4o"]
    assert by_name["embed"]["llmhub"]["routes"] == ["/v1/embeddings"]


def test_a_model_is_found_by_its_name_even_with_a_slash(serve):
    gateway = serve(roles={"team/chat": {"provider": "loopback", "model": "m"}})
    assert httpx.get(f"{gateway.openai_base}/models/team/chat").json()["id"] == "team/chat"
    missing = httpx.get(f"{gateway.openai_base}/models/team/chatt")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "model_not_found")
    assert "'team/chat'" in missing.json()["error"]["message"]


# --- pictures and sound ---------------------------------------------------------------------------------------------


def test_a_picture_is_made(gateway):
    said = post(gateway, "images/generations", {"model": "image", "prompt": "a cat", "n": 2}).json()
    assert [picture["b64_json"][:8] for picture in said["data"]] == ["iVBORw0K"] * 2


def spoken(gateway, text: str) -> httpx.Response:
    return post(gateway, "audio/speech", {"model": "speech", "input": text, "voice": "alloy"})


def test_what_is_spoken_is_written_down_again(gateway):
    sound = spoken(gateway, "the quick brown fox")
    assert (sound.headers["content-type"], sound.content[:4]) == ("audio/wav", b"RIFF")
    assert sound.headers["x-llmhub-target"] == "openai:speech-1"
    for wanted, found in (
        ({}, '{"text":"the quick brown fox"'),
        ({"response_format": "text"}, "the quick brown fox"),
        ({"response_format": "verbose_json", "temperature": "0.5"}, '"duration":'),
    ):
        answer = httpx.post(
            f"{gateway.openai_base}/audio/transcriptions",
            files={"file": ("fox.wav", sound.content)},
            data={"model": "transcription", **wanted},
        )
        assert found in answer.text


def test_a_form_at_fault_is_refused(gateway):
    def send(**given):
        return httpx.post(f"{gateway.openai_base}/audio/transcriptions", **given)

    assert refused(send(json={"model": "transcription"}), "invalid_form", "content-type")
    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert refused(send(content=b"--y", headers=kind), "invalid_form", None)
    assert refused(send(files={"file": b"x"}, data={"modl": "x"}), "missing_field", "model")
    assert refused(send(files={"other": b"x"}, data={"model": "transcription"}), "missing_field", "file")
    hot = {"model": "transcription", "temperature": "hot"}
    assert refused(send(files={"file": b"x"}, data=hot), "invalid_type", "temperature")


# --- judgements -----------------------------------------------------------------------------------------------------


def test_texts_are_judged(gateway):
    said = post(gateway, "moderations", {"model": "moderation", "input": ["a walk", "some violence"]}).json()
    assert [result["flagged"] for result in said["results"]] == [False, True]


def test_documents_are_ordered_by_what_answers_the_query(gateway):
    pytest.importorskip("cohere", reason="reranking needs a provider with an extra, such as cohere")
    asked = {"model": "rerank", "query": "quick fox", "documents": ["a dog", {"text": "a quick fox"}, "a fox"]}
    plain = post(gateway, "rerank", asked).json()
    assert [result["index"] for result in plain["results"]] == [1, 2, 0]
    assert "document" not in plain["results"][0]
    returned = post(gateway, "rerank", {**asked, "top_n": 1, "return_documents": True}).json()
    assert [result["document"]["text"] for result in returned["results"]] == ["a quick fox"]


def test_a_provider_that_lacks_an_operation_is_the_operators_to_mend(serve):
    gateway = serve(roles={"image": {"provider": "loopback", "model": "m", "mode": "image"}})
    answer = post(gateway, "images/generations", {"model": "image", "prompt": "a cat"})
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"]) == (501, "server_error", "operation_not_offered")
    assert "give the role another target" in error["message"]
    assert answer.headers["x-should-retry"] == "false"


def test_a_parameter_that_a_provider_lacks_is_the_requests_to_mend(serve):
    gateway = serve(roles={"chat": {"provider": "loopback", "model": "m"}})
    asked = {"model": "chat", "max_tokens": 5, "container": "c1", "messages": [{"role": "user", "content": "Hello"}]}
    answer = post(gateway, "messages", asked)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unsupported")
