from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest

from llmhub.catalog.copies import Copy
from llmhub.catalog.fetch import CachingFetch
from llmhub.errors import SourceError


class Server(Protocol):
    url: str
    body: bytes
    headers: dict[str, str]
    failures: list[int]
    failure_headers: dict[str, str]
    cut: int
    pause: float
    requests: list[dict[str, str]]

    def close(self) -> None: ...


MakeFetch = Callable[..., CachingFetch]


@pytest.fixture
def make_fetch(tmp_path: Path) -> MakeFetch:
    def make(day: int = 1, **options: Any) -> CachingFetch:
        return CachingFetch(
            folder=tmp_path / "copies", now=lambda: datetime(2026, 11, day, tzinfo=UTC), first_wait=0.001, **options
        )

    return make


def anything(document: Any, previous: Any) -> None:
    pass


def growing(document: Any, previous: Any) -> None:
    if previous is not None and len(document) < len(previous):
        raise ValueError(f"has {len(document)} entries where the copy before had {len(previous)}")


def test_a_document_is_fetched_with_what_its_server_says_of_its_date(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.body = b'{"a": 1}'
    document_server.headers = {"Last-Modified": "Thu, 02 Jul 2026 00:40:00 GMT"}
    fetched = make_fetch()(document_server.url, accept=anything)
    assert fetched.document == {"a": 1}
    assert fetched.fetched_at == "2026-11-01T00:00:00+00:00"
    assert fetched.last_modified == "2026-07-02T00:40:00+00:00"
    assert fetched.stale_reason == ""


def test_a_document_that_has_not_changed_is_not_sent_again_and_counts_as_fresh(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.body = b'{"a": 1}'
    document_server.headers = {"ETag": '"one"', "Last-Modified": "Thu, 02 Jul 2026 00:40:00 GMT"}
    make_fetch(day=1)(document_server.url, accept=anything)
    again = make_fetch(day=2)(document_server.url, accept=anything)
    assert again.document == {"a": 1}
    assert (again.fetched_at, again.stale_reason) == ("2026-11-02T00:00:00+00:00", "")
    assert document_server.requests[1]["if-none-match"] == '"one"'
    assert document_server.requests[1]["if-modified-since"] == "Thu, 02 Jul 2026 00:40:00 GMT"


def test_redirects_are_followed_and_packed_answers_unpacked(document_server: Server, make_fetch: MakeFetch) -> None:
    document_server.body = gzip.compress(b'{"a": 1}')
    document_server.headers = {"Content-Encoding": "gzip"}
    moved = document_server.url.replace("api.json", "moved")
    assert make_fetch()(moved, accept=anything).document == {"a": 1}


def test_a_failing_server_is_asked_three_times_and_a_refusing_one_once(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.failures = [503, 503]
    assert make_fetch()(document_server.url, accept=anything).document == {}
    assert len(document_server.requests) == 3
    document_server.requests.clear()
    document_server.failures = [404]
    assert "HTTP 404" in make_fetch()(document_server.url, accept=anything).stale_reason
    assert len(document_server.requests) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"failures": [500, 500, 500]}, "the server failed (HTTP 500)"),
        ({"failures": [403]}, "HTTP 403"),
        ({"body": b"<html>captive portal</html>"}, "is not JSON"),
        ({"body": b'{"a": 1'}, "is not JSON"),
        ({"body": b"[" * 1_400}, "is not JSON"),
        ({"body": b"{}"}, "has 0 entries where the copy before had 2"),
        ({"body": json.dumps({"a": "x" * 2000}).encode()}, "is larger than"),
    ],
)
def test_whatever_goes_wrong_the_last_good_copy_serves_and_says_why(
    document_server: Server, make_fetch: MakeFetch, change: dict[str, Any], reason: str
) -> None:
    document_server.body = b'{"a": 1, "b": 2}'
    make_fetch(day=1)(document_server.url, accept=growing)
    for name, value in change.items():
        setattr(document_server, name, value)
    stale = make_fetch(day=2, size_limit=1500)(document_server.url, accept=growing)
    assert stale.document == {"a": 1, "b": 2}
    assert stale.fetched_at == "2026-11-01T00:00:00+00:00"
    assert reason in stale.stale_reason
    assert "using the copy of 2026-11-01" in stale.stale_reason


def test_a_refused_document_never_replaces_the_copy(document_server: Server, make_fetch: MakeFetch) -> None:
    document_server.body = b'{"a": 1}'
    make_fetch(day=1)(document_server.url, accept=growing)
    document_server.body = b"{}"
    make_fetch(day=2)(document_server.url, accept=growing)
    assert make_fetch(day=3, offline=True)(document_server.url, accept=growing).document == {"a": 1}


def test_a_server_that_is_gone_leaves_the_copy(document_server: Server, make_fetch: MakeFetch) -> None:
    document_server.body = b'{"a": 1}'
    make_fetch(day=1)(document_server.url, accept=anything)
    document_server.close()
    stale = make_fetch(day=2)(document_server.url, accept=anything)
    assert stale.document == {"a": 1}
    assert "cannot be reached" in stale.stale_reason


def test_without_a_copy_the_error_names_the_address_without_its_secrets(make_fetch: MakeFetch) -> None:
    with pytest.raises(SourceError) as error:
        make_fetch()("http://user:hunter2@127.0.0.1:9/api.json?token=abc", accept=anything)
    assert str(error.value).startswith("http://127.0.0.1:9/api.json: cannot be reached")
    assert "hunter2" not in str(error.value)
    assert "abc" not in str(error.value)


def test_offline_the_network_is_left_alone(document_server: Server, make_fetch: MakeFetch) -> None:
    with pytest.raises(SourceError, match="offline"):
        make_fetch(offline=True)(document_server.url, accept=anything)
    make_fetch(day=1)(document_server.url, accept=anything)
    document_server.requests.clear()
    assert "offline" in make_fetch(day=2, offline=True)(document_server.url, accept=anything).stale_reason
    assert document_server.requests == []


def test_files_are_read_also_offline_by_url_or_path(make_fetch: MakeFetch, tmp_path: Path) -> None:
    file = tmp_path / "a file.json"
    file.write_text('{"a": 1}')
    for place in (file.as_uri(), str(file)):
        fetched = make_fetch(offline=True)(place, accept=anything)
        assert fetched.document == {"a": 1}
        assert fetched.last_modified is None, "when a file was copied here is not the date of its content"


def test_a_file_that_is_gone_leaves_the_copy_and_else_an_error(make_fetch: MakeFetch, tmp_path: Path) -> None:
    file = tmp_path / "api.json"
    with pytest.raises(SourceError, match="no such file"):
        make_fetch()(file.as_uri(), accept=anything)
    file.write_text('{"a": 1}')
    make_fetch()(file.as_uri(), accept=anything)
    file.unlink()
    assert "no such file" in make_fetch()(file.as_uri(), accept=anything).stale_reason


def test_an_address_of_another_kind_is_refused(make_fetch: MakeFetch) -> None:
    with pytest.raises(SourceError, match="must begin with https://"):
        make_fetch()("ftp://example.org/api.json", accept=anything)


@pytest.mark.parametrize("damage", ["", "{", '{"document": 1}', "[]"])
def test_a_damaged_copy_counts_as_none(
    document_server: Server, make_fetch: MakeFetch, tmp_path: Path, damage: str
) -> None:
    make_fetch()(document_server.url, accept=anything)
    (copy,) = (tmp_path / "copies").iterdir()
    copy.write_text(damage)
    with pytest.raises(SourceError):
        make_fetch(offline=True)(document_server.url, accept=anything)
    assert make_fetch()(document_server.url, accept=anything).document == {}


def test_a_copy_that_cannot_be_kept_is_told_and_does_no_harm(document_server: Server, tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("")
    told: list[str] = []
    fetch = CachingFetch(
        folder=tmp_path / "in-the-way", now=lambda: datetime(2026, 11, 1, tzinfo=UTC), tell=told.append
    )
    assert fetch(document_server.url, accept=anything).document == {}
    assert len(told) == 1
    assert "could not keep a copy" in told[0]


def test_retries_print_nothing(
    document_server: Server, make_fetch: MakeFetch, capfd: pytest.CaptureFixture[str]
) -> None:
    document_server.failures = [503]
    make_fetch()(document_server.url, accept=anything)
    assert capfd.readouterr() == ("", "")


def test_a_document_that_arrives_byte_by_byte_is_given_up_in_time(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.body = b'{"a": 1, "b": 2}'
    make_fetch(day=1)(document_server.url, accept=anything)
    document_server.pause = 0.1
    began = time.monotonic()
    stale = make_fetch(day=2, time_limit=0.4)(document_server.url, accept=anything)
    assert time.monotonic() - began < 1.5
    assert "no answer in time" in stale.stale_reason
    assert stale.document == {"a": 1, "b": 2}


def test_a_shrunk_document_is_accepted_only_when_the_user_says_so(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.body = b'{"a": 1, "b": 2}'
    make_fetch(day=1)(document_server.url, accept=growing)
    document_server.body = b'{"a": 1}'
    refused = make_fetch(day=2)(document_server.url, accept=growing)
    assert "LLMHUB_ACCEPT_SHRUNK=1 accepts it" in refused.stale_reason
    assert make_fetch(day=3, accept_shrunk=True)(document_server.url, accept=growing).document == {"a": 1}
    assert make_fetch(day=4)(document_server.url, accept=growing).stale_reason == "", "from then on it is the measure"


def test_what_is_wrong_by_itself_is_refused_whatever_the_user_says(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    def lists(document: Any, previous: Any) -> None:
        if not isinstance(document, list):
            raise ValueError("is no list")  # noqa: TRY004 - what a source raises to refuse a document

    document_server.body = b"[1]"
    make_fetch(day=1)(document_server.url, accept=lists)
    document_server.body = b"{}"
    refused = make_fetch(day=2, accept_shrunk=True)(document_server.url, accept=lists)
    assert refused.document == [1]
    assert refused.stale_reason.startswith("is no list; using the copy")


def test_null_is_checked_like_any_other_document(document_server: Server, make_fetch: MakeFetch) -> None:
    def something(document: Any, previous: Any) -> None:
        if document is None:
            raise ValueError("is null")

    document_server.body = b"null"
    with pytest.raises(SourceError, match="is null"):
        make_fetch()(document_server.url, accept=something)


def test_a_busy_server_is_asked_again_when_it_says(document_server: Server, make_fetch: MakeFetch) -> None:
    document_server.failures = [429]
    document_server.failure_headers = {"Retry-After": "1"}
    began = time.monotonic()
    assert make_fetch()(document_server.url, accept=anything).document == {}
    assert time.monotonic() - began >= 1, "though the first wait would be a millisecond"
    assert len(document_server.requests) == 2


@pytest.mark.parametrize("later", ["3600", "Mon, 23 Nov 2099 12:00:00 GMT"])
def test_a_server_that_asks_for_more_patience_than_there_is_is_left_alone(
    document_server: Server, make_fetch: MakeFetch, later: str
) -> None:
    document_server.failures = [429]
    document_server.failure_headers = {"Retry-After": later}
    with pytest.raises(SourceError, match=r"the server is busy \(HTTP 429\)"):
        make_fetch()(document_server.url, accept=anything)
    assert len(document_server.requests) == 1


@pytest.mark.parametrize("later", ["soon", "-1", ""])
def test_a_retry_after_that_says_nothing_is_passed_over(
    document_server: Server, make_fetch: MakeFetch, later: str
) -> None:
    document_server.failures = [429]
    document_server.failure_headers = {"Retry-After": later}
    assert make_fetch()(document_server.url, accept=anything).document == {}


def test_an_answer_that_breaks_off_is_asked_for_again_and_called_that(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.body = b'{"a": 1}'
    document_server.cut = 3
    with pytest.raises(SourceError, match="the answer broke off"):
        make_fetch()(document_server.url, accept=anything)
    assert len(document_server.requests) == 3


def test_an_answer_that_cannot_be_unpacked_is_damaged(document_server: Server, make_fetch: MakeFetch) -> None:
    document_server.body = b"no gzip"
    document_server.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(SourceError, match="is damaged"):
        make_fetch()(document_server.url, accept=anything)


def test_a_server_that_does_not_answer_is_not_asked_for_its_other_documents(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.body = b"[1, 2, 3, 4, 5, 6, 7, 8, 9]"
    document_server.pause = 0.1
    fetch = make_fetch(time_limit=0.3)
    for file in ("api.json", "models.json"):
        with pytest.raises(SourceError, match="no answer in time"):
            fetch(document_server.url.replace("api.json", file), accept=anything)
    assert len(document_server.requests) == 1
    document_server.pause = 0.0
    assert make_fetch()(document_server.url, accept=anything).document, "the next refresh asks anew"


def test_a_server_that_stays_busy_is_not_asked_for_its_other_documents(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.failures = [429] * 6
    fetch = make_fetch()
    for file in ("api.json", "models.json"):
        with pytest.raises(SourceError, match="the server is busy"):
            fetch(document_server.url.replace("api.json", file), accept=anything)
    assert len(document_server.requests) == 3


def test_a_server_that_lacks_one_document_is_asked_for_the_others(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.failures = [404]
    fetch = make_fetch()
    with pytest.raises(SourceError, match="HTTP 404"):
        fetch(document_server.url, accept=anything)
    assert fetch(document_server.url, accept=anything).document == {}


def test_redirects_without_end_or_to_files_are_refused(document_server: Server, make_fetch: MakeFetch) -> None:
    round_and_round = document_server.url.replace("api.json", "round")
    with pytest.raises(SourceError, match="redirects"):
        make_fetch()(round_and_round, accept=anything)
    with pytest.raises(SourceError, match="cannot be reached"):
        make_fetch()(document_server.url.replace("api.json", "to-a-file"), accept=anything)


def test_the_proxy_of_the_environment_is_asked(
    document_server: Server, make_fetch: MakeFetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", document_server.url.removesuffix("/api.json"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    document_server.body = b'{"by": "proxy"}'
    assert make_fetch()("http://models.invalid/api.json", accept=anything).document == {"by": "proxy"}
    assert document_server.requests[0]["host"] == "models.invalid"


@pytest.mark.parametrize("address", ["http://[::1/api.json", "http://127.0.0.1:port/api.json", "https:///api.json"])
def test_an_address_that_is_none_is_refused_without_a_traceback(make_fetch: MakeFetch, address: str) -> None:
    with pytest.raises(SourceError):
        make_fetch()(address, accept=anything)


def test_a_host_that_no_name_server_knows_is_told(make_fetch: MakeFetch, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SourceError, match=r"http://catalog\.invalid/api\.json: cannot be reached"):
        make_fetch()("http://catalog.invalid/api.json", accept=anything)


def test_it_tells_what_arrived_and_what_had_not_changed(document_server: Server, make_fetch: MakeFetch) -> None:
    document_server.headers = {"ETag": '"one"'}
    told: list[str] = []
    for _ in range(2):
        make_fetch(progress=told.append)(document_server.url, accept=anything)
    assert told == [f"{document_server.url}: 0.0 MB", f"{document_server.url}: not changed"]


def test_a_server_that_takes_the_connection_and_says_nothing_is_asked_once(make_fetch: MakeFetch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/api.json"
        with pytest.raises(SourceError, match="no answer in time"):
            make_fetch(patience=0.2)(url, accept=anything)
        mute.settimeout(0)
        mute.accept()[0].close()
        with pytest.raises(BlockingIOError):
            mute.accept()


def test_half_a_character_in_a_document_does_not_stop_whoever_writes_or_shows_it(
    document_server: Server, make_fetch: MakeFetch
) -> None:
    document_server.body = rb'{"\ud800": ["a\udc00", "\ud83d\ude00", "\\ud800"]}'
    for day in (1, 2):  # fresh, then from the copy
        fetched = make_fetch(day)(document_server.url, accept=anything)
        assert fetched.document == {"\ufffd": ["a\ufffd", "\U0001f600", "\\ud800"]}
        document_server.failures = [500, 500, 500]


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -1200", "yesterday", "\x00", "0 0 0 0 0"])
def test_a_date_of_change_that_makes_no_sense_is_unknown(date: str) -> None:
    assert Copy(text="", document=None, last_modified=date).modified_at is None
