"""What a client is told when it gets no answer."""

from __future__ import annotations

import json

import httpx
import pytest

from llmhub import errors
from llmhub_server.gateway.problem import TABLE, problem_of, row_of

HELLO = [{"role": "user", "content": "Hello"}]


def post(gateway, **document):
    given = {"model": "alone", "messages": HELLO, **document}
    return httpx.post(f"{gateway.openai_base}/chat/completions", json=given, timeout=20)


def error_of(answer: httpx.Response):
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-llmhub-call-id"]
    [name] = answer.json()
    assert name == "error"
    error = answer.json()["error"]
    assert {"message", "type", "param", "code"} <= set(error)
    return error


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("500", 502, "upstream_error"),
        ("503", 502, "upstream_error"),
        ("429-7", 429, "rate_limit_exceeded"),
        ("400", 400, "invalid_request"),
        ("401", 502, "upstream_authentication"),
        ("403", 502, "upstream_authentication"),
        ("404", 502, "upstream_model_not_found"),
        ("context-length", 400, "context_length_exceeded"),
        ("content-filter", 400, "content_filter"),
        ("insufficient-quota", 502, "upstream_insufficient_funds"),
        ("bad-json", 502, "upstream_error"),
        ("cut-0", 502, "upstream_unreachable"),
    ],
)
def test_each_fault_of_a_provider_has_its_status_and_code(gateway, fault, status, code):
    gateway.provider.fail("gpt-4o-mini", fault)
    answer = post(gateway)
    assert (answer.status_code, error_of(answer)["code"]) == (status, code)
    assert answer.headers["x-llmhub-target"] == "loopback:gpt-4o-mini"


def test_a_rate_limit_says_when_to_come_back(gateway):
    gateway.provider.fail("gpt-4o-mini", "429-7")
    assert post(gateway).headers["retry-after"] == "7"


def test_what_no_repetition_helps_tells_clients_not_to_repeat_it(gateway):
    gateway.provider.script("gpt-4o-mini", ["401", "500"])
    assert post(gateway).headers["x-should-retry"] == "false"
    assert "x-should-retry" not in post(gateway).headers


def test_a_refused_key_of_the_provider_is_not_blamed_on_the_client(gateway):
    gateway.provider.fail("gpt-4o-mini", "401")
    assert "Your own key is not at fault" in error_of(post(gateway))["message"]


def test_a_provider_that_hangs_is_a_timeout(serve):
    gateway = serve(roles={"alone": {"provider": "loopback", "model": "m", "timeout": 0.2, "retry": {"attempts": 1}}})
    gateway.provider.fail("m", "hang-3")
    answer = post(gateway)
    assert (answer.status_code, error_of(answer)["code"]) == (504, "upstream_timeout")


def test_every_attempt_is_told_by_target_and_class(gateway):
    gateway.provider.fail("gpt-4o-mini", "500")
    gateway.provider.fail("gpt-4o", "503")
    answer = post(gateway, model="chat")
    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (502, "upstream_error")
    told = [(attempt["target"], attempt["error"], attempt["status"]) for attempt in error["attempts"]]
    assert told == [("loopback:gpt-4o-mini", "ProviderError", 500), ("loopback:gpt-4o", "ProviderError", 503)]
    assert answer.headers["x-llmhub-attempts"] == "2"


def test_attempts_that_failed_for_different_reasons_are_one_bad_gateway(gateway):
    gateway.provider.fail("gpt-4o-mini", "429")
    gateway.provider.fail("gpt-4o", "500")
    answer = post(gateway, model="chat")
    assert (answer.status_code, error_of(answer)["code"]) == (502, "all_targets_failed")


def test_a_limit_of_every_target_is_a_limit(gateway):
    gateway.provider.fail("gpt-4o-mini", "429-9")
    gateway.provider.fail("gpt-4o", "429-9")
    answer = post(gateway, model="chat")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "9")


def test_a_target_that_is_left_alone_says_for_how_long(serve):
    gateway = serve(circuit={"failures": 1, "cooldown": 30})
    gateway.provider.fail("gpt-4o-mini", "500")
    post(gateway)
    answer = post(gateway)
    assert (answer.status_code, error_of(answer)["code"]) == (503, "circuit_open")
    assert 0 < int(answer.headers["retry-after"]) <= 30


def test_metadata_has_no_more_entries_than_labels_may_be(gateway):
    answer = post(gateway, metadata={f"name{number}": number for number in range(17)})
    assert (answer.status_code, error_of(answer)["code"]) == (400, "labels")


def test_a_route_that_answers_nobody_answers_no_other_method_either(gateway):
    answer = httpx.request("TRACE", f"{gateway.openai_base}/messages/count_tokens")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["error"]["code"] == "method_not_allowed"


def test_a_missing_key_is_the_operators_to_mend(serve):
    providers = {"openai": {"env_key": "NO_SUCH_KEY", "api_base": "http://127.0.0.1:9/v1"}}
    gateway = serve(providers=providers, roles={"alone": {"provider": "openai", "model": "m"}})
    answer = post(gateway)
    assert (answer.status_code, error_of(answer)["code"]) == (500, "missing_key")
    assert "NO_SUCH_KEY" in error_of(answer)["message"]


def test_an_unknown_role_is_not_found_and_the_nearest_is_named(gateway):
    answer = post(gateway, model="chatt")
    error = error_of(answer)
    assert (answer.status_code, error["code"], error["param"]) == (404, "model_not_found", "model")
    assert "Did you mean 'chat'?" in error["message"]


def test_defaults_do_not_serve_a_misspelt_role_unless_they_are_allowed_to(serve):
    from llmhub_server.settings import Settings

    defaults = {"provider": "loopback", "model": "gpt-4o"}
    assert post(serve(defaults=defaults), model="chatt").status_code == 404
    allowed = serve(defaults=defaults, settings=Settings(serve_defaults=True))
    assert post(allowed, model="chatt").headers["x-llmhub-target"] == "loopback:gpt-4o"


def test_a_role_of_another_mode_names_the_route_that_serves_it(gateway):
    answer = post(gateway, model="embed")
    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (400, "wrong_mode")
    assert "POST /v1/embeddings" in error["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "it is empty"),
        (b'{"model": "chat",\n "messages": [}', "line 2, column 15"),
        (b"[1]", "is an array"),
        (b'{"model": NaN}', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'"\\ud800"', "not JSON"),
        (b'{"model": "alone", "temperature": 1e999}', "too large"),
        (b'{"model": "alone", "logit_bias": {"a": [-1E+9999]}}', "too large"),
    ],
)
def test_a_body_that_is_not_json_is_refused_with_its_place(gateway, body, said):
    answer = httpx.post(f"{gateway.openai_base}/chat/completions", content=body)
    assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid_json")
    assert said in error_of(answer)["message"]


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"model": None}, "model", "invalid_type"),
        ({"model": 7}, "model", "invalid_type"),
        ({"messages": "Hello"}, "messages", "invalid_type"),
        ({"messages": []}, "messages", "invalid_value"),
        ({"messages": [7]}, "messages[0]", "invalid_type"),
        ({"messages": [*HELLO, {"content": "x"}]}, "messages[1].role", "missing_field"),
        ({"temperature": "hot"}, "temperature", "invalid_type"),
        ({"max_tokens": True}, "max_tokens", "invalid_type"),
        ({"stream": "yes"}, "stream", "invalid_type"),
        ({"temprature": 1}, "temprature", "unknown_parameter"),
        ({"extra_headers": {"authorization": "Bearer x"}}, "extra_headers", "unknown_parameter"),
        ({"api_base": "http://127.0.0.1:9"}, "api_base", "unknown_parameter"),
        ({"params_override": {}}, "params_override", "unknown_parameter"),
    ],
)
def test_a_field_at_fault_is_named(gateway, change, param, code):
    answer = post(gateway, **change)
    error = error_of(answer)
    assert (answer.status_code, error["param"], error["code"]) == (400, param, code)
    assert not gateway.provider.requests, "nothing was sent"


def test_a_misspelt_field_is_told_with_the_nearest_one(gateway):
    message = error_of(post(gateway, temprature=1))["message"]
    assert message == "'temprature' is no parameter of this route; did you mean 'temperature'?"


CALL = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize("role", ["alone", "claude"])
@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [7]}]}, "messages[0].content[0]"),
        ({"messages": [{"role": "user", "content": [{"text": "x"}]}]}, "messages[0].content[0].type"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0].text"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": 7}}]}]},
            "messages[0].content[0].image_url.url",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:none"}}]}]},
            "messages[0].content[0].image_url.url",
        ),
        ({"messages": [{"role": "user", "content": [{"type": "image"}]}]}, "messages[0].content[0].source"),
        ({"messages": [*HELLO, {"role": "assistant", "tool_calls": "x"}]}, "messages[1].tool_calls"),
        ({"messages": [*HELLO, {"role": "assistant", "tool_calls": [{}]}]}, "messages[1].tool_calls[0].id"),
        (
            {"messages": [*HELLO, {"role": "assistant", "tool_calls": [{**CALL, "function": 7}]}]},
            "messages[1].tool_calls[0].function",
        ),
        ({"tools": [7]}, "tools[0]"),
        ({"tools": [{}]}, "tools[0].type"),
        ({"tools": [{"type": "function", "function": {}}]}, "tools[0].function.name"),
        ({"tool_choice": {"a": 1}}, "tool_choice.type"),
        ({"tool_choice": {"type": "function"}}, "tool_choice.function"),
        ({"tool_choice": {"type": "function", "function": {}}}, "tool_choice.function.name"),
        ({"response_format": {}}, "response_format.type"),
        ({"response_format": {"type": "odd"}}, "response_format.type"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
    ],
)
def test_a_shape_at_fault_is_named_and_no_target_is_blamed(gateway, role, change, param):
    answer = post(gateway, model=role, **change)
    assert (answer.status_code, error_of(answer)["param"]) == (400, param)
    assert "x-llmhub-target" not in answer.headers


def test_arguments_that_are_not_json_go_back_to_the_models_that_take_them_alone(gateway):
    broken = {**CALL, "function": {"name": "f", "arguments": "{cut"}}
    said = {"role": "tool", "tool_call_id": "1", "content": "these are no arguments"}
    messages = [*HELLO, {"role": "assistant", "tool_calls": [broken]}, said]
    assert post(gateway, messages=messages).status_code == 200
    answer = post(gateway, model="claude", messages=messages)
    param = "messages[1].tool_calls[0].function.arguments"
    assert (answer.status_code, error_of(answer)["param"]) == (400, param)


def test_a_call_of_a_tool_that_is_no_function_goes_back_to_the_models_that_know_such_alone(gateway):
    own = {"id": "1", "type": "custom", "custom": {"name": "f", "input": "x"}}
    said = {"role": "tool", "tool_call_id": "1", "content": "done"}
    messages = [*HELLO, {"role": "assistant", "tool_calls": [own]}, said]
    assert post(gateway, messages=messages).status_code == 200
    answer = post(gateway, model="claude", messages=messages)
    assert (answer.status_code, error_of(answer)["param"]) == (400, "messages[1].tool_calls[0].type")


@pytest.mark.parametrize(
    "odd",
    [
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": 7}}}},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]},
    ],
)
def test_requests_that_nobody_can_make_anything_of_close_no_target_to_others(serve, odd):
    gateway = serve(circuit={"failures": 1, "cooldown": 60})
    assert post(gateway, model="claude", max_tokens=9, **odd).status_code >= 400
    assert post(gateway, model="claude", max_tokens=9).status_code == 200


def test_all_fields_at_fault_are_named_at_once(gateway):
    answer = httpx.post(f"{gateway.openai_base}/chat/completions", json={"temperature": "hot", "temprature": 1})
    message = error_of(answer)["message"]
    assert all(repr(name) in message for name in ("model", "messages", "temperature", "temprature"))
    assert "did you mean 'temperature'?" in message


def test_a_body_that_is_too_large_is_refused(serve):
    from llmhub_server.settings import Settings

    gateway = serve(settings=Settings(max_body=1000))
    answer = post(gateway, messages=[{"role": "user", "content": "x" * 1000}])
    assert (answer.status_code, error_of(answer)["code"]) == (413, "body_too_large")


def test_another_method_is_not_allowed(gateway):
    answer = httpx.get(f"{gateway.openai_base}/chat/completions")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert error_of(answer)["code"] == "method_not_allowed"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_route_is_not_found_in_the_same_shape(gateway, method):
    answer = httpx.request(method, f"{gateway.openai_base}/fine_tuning/jobs")
    assert (answer.status_code, error_of(answer)["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("POST", "/v1/models", 405), ("DELETE", "/v1/models/x", 405)],
)
def test_what_no_route_answers_is_refused_in_the_same_shape(gateway, method, path, status):
    answer = httpx.request(method, f"{gateway.url}{path}")
    assert answer.status_code == status
    assert error_of(answer)["code"] == {404: "not_found", 405: "method_not_allowed"}[status]


@pytest.mark.parametrize("path", ["/v1/chat/completions/", "/healthz/", "/v1/models/chat/"])
def test_a_path_with_a_slash_too_many_is_not_sent_on_to_where_the_host_header_says(gateway, path):
    answer = httpx.post(f"{gateway.url}{path}", json={}, headers={"host": "localhost"})
    assert answer.status_code in (404, 405)
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("path", "headers", "shape"),
    [
        ("/v1/nothing", {}, {"error"}),
        ("/v1/nothing", {"anthropic-version": "2023-06-01"}, {"type", "error", "request_id"}),
        ("/v1/messages/batches", {}, {"type", "error", "request_id"}),
        ("/api/nothing", {}, {"type", "title", "status", "detail"}),
    ],
)
def test_what_is_not_found_is_told_in_the_words_of_the_api_that_was_asked(gateway, path, headers, shape):
    answer = httpx.get(f"{gateway.url}{path}", headers=headers)
    assert (answer.status_code, set(answer.json())) == (404, shape)
    assert answer.headers["content-type"].endswith("problem+json" if path.startswith("/api") else "/json")


def test_a_role_name_cannot_write_headers(serve):
    name = "chat\r\nx-evil: 1"
    gateway = serve(roles={name: {"provider": "loopback", "model": "m"}})
    answer = post(gateway, model=name)
    assert answer.status_code == 200
    assert "x-evil" not in answer.headers
    assert answer.headers["x-llmhub-role"] == "chat%0D%0Ax-evil: 1"


def test_every_class_of_error_has_a_row():
    for name in errors.__all__:
        kind = getattr(errors, name)
        if isinstance(kind, type) and issubclass(kind, errors.HubError):
            assert row_of(kind).status >= 400
    assert all(row.code for row in TABLE.values())


def test_what_nobody_foresaw_tells_nothing_of_itself():
    problem = problem_of(KeyError("secret"))
    assert (problem.status, problem.code) == (500, "internal_error")
    assert "secret" not in json.dumps(problem.message)
