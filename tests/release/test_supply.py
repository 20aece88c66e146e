"""What the licence and vulnerability checks make of what the tools report."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from release.advisories import asked
from release.supply import OURS, audit_findings, completed, licence_problems, main


def row(licence, name="a"):
    return {"Name": name, "Version": "1.0", "License": licence}


@pytest.mark.parametrize(
    "licence",
    [
        *("MIT", "Apache Software License; MIT License", "Apache-2.0 OR BSD-2-Clause", "MIT OR GPL-3.0-only"),
        *("MPL-2.0 AND (Apache-2.0 OR MIT)", "Mozilla Public License 2.0 (MPL 2.0)", "DFSG approved; MIT License"),
    ],
)
def test_a_licence_that_asks_nothing_is_allowed(licence):
    assert licence_problems([row(licence)]) == []


@pytest.mark.parametrize(
    "licence", ["UNKNOWN", "", "GPL-3.0-only", "MIT AND GPL-3.0-only", "MIT License; GPLv3", "MITX"]
)
def test_any_other_is_told_and_so_is_an_unknown_one(licence):
    assert licence_problems([row(licence)]) == [f"a 1.0: {licence!r} is not on the list of licences"]


def test_a_weak_copyleft_licence_is_allowed_of_the_one_package_that_is_known_to_have_it():
    assert licence_problems([row("LGPL-3.0-only", "psycopg")]) == []
    assert licence_problems([row("LGPL-3.0-only", "other")])


def test_what_could_not_be_audited_is_kept_apart_from_what_is_well():
    report = {
        "dependencies": [
            {"name": "good", "version": "1", "vulns": []},
            {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]},
            {"name": "unseen", "skip_reason": "not found"},
            {"name": "llmhub", "skip_reason": "not found"},
        ]
    }
    assert audit_findings(report) == (["bad 2: PYSEC-1, mended in 3"], ["unseen: not found"])


def test_a_check_that_there_is_not_is_wrong_usage(capsys):
    assert main(["everything"]) == 2
    assert "audit|licences" in capsys.readouterr().err


def test_every_distribution_of_this_repository_is_known_as_ours():
    assert {"llmhub", "llmhub-ledger-postgres", "llmhub-server", "llmhub-source-hf"} <= OURS


def test_a_stern_licence_is_allowed_of_the_one_package_whose_files_were_looked_into():
    licence = "BSD License; GNU General Public License (GPL); Public Domain"
    assert licence_problems([row(licence, "docutils")]) == []
    assert licence_problems([row(licence, "other")])
    assert licence_problems([row("GNU General Public License (GPL)", "docutils")]), "another licence is another matter"


PAGES = {
    "well": {"info": {"version": "2.0"}, "vulnerabilities": []},
    "faulty": {
        "info": {"version": "1.0"},
        "vulnerabilities": [
            {"id": "PYSEC-1", "fixed_in": ["1.1"], "withdrawn": None},
            {"id": "PYSEC-2", "fixed_in": [], "withdrawn": "2026-01-01T00:00:00Z"},
        ],
    },
    "old": {"info": {"version": "3.0"}, "vulnerabilities": []},
    "silent": {"info": {"version": "1.0"}},
}


@pytest.fixture
def index():
    """A package index that has a page of each project, and none of a release by itself."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            page = PAGES.get(self.path.removeprefix("/pypi/").removesuffix("/json"))
            body = b"" if page is None else json.dumps(page).encode()
            self.send_response(404 if page is None else 200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_where_pip_audit_gets_no_answer_the_pages_of_projects_tell_of_their_latest_releases(index):
    releases = [("well", "2.0"), ("faulty", "1.0"), ("old", "2.9"), ("silent", "1.0"), ("gone", "1.0")]
    skipped = [{"name": name, "skip_reason": "not found"} for name, _ in releases]
    vulnerable, unseen = audit_findings(completed({"dependencies": skipped}, asked(releases, index)))
    assert vulnerable == ["faulty (the latest): PYSEC-1, mended in 1.1"]
    assert unseen == [
        "old: 2.9 is not the latest release (3.0), and the index tells of that alone",
        "silent: the index has no advisories",
        "gone: the index does not tell of it (HTTP 404)",
    ]


def test_an_index_that_is_not_there_tells_nothing_and_not_that_all_is_well():
    assert asked([("well", "2.0")], "http://127.0.0.1:1")["well"].unseen


def test_what_pip_audit_could_answer_is_not_replaced(index):
    answered = {"name": "faulty", "version": "0.9", "vulns": []}
    assert completed({"dependencies": [answered]}, asked([("faulty", "1.0")], index)) == {"dependencies": [answered]}
