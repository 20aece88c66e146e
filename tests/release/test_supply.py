"""What the licence and vulnerability checks make of what the tools report."""

import pytest

from release.supply import audit_findings, licence_problems, main


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
