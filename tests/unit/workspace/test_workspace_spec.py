"""The files of a project, read and saved by programs around it."""

from __future__ import annotations

import os

import pytest

from llmhub.errors import ConfigError, ConfigNotFoundError
from llmhub.workspace import Workspace


def test_the_text_of_the_spec_is_what_stands_on_disk(workspace, project) -> None:
    path = project / "llmhub.spec.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert workspace.spec_text().encode() == path.read_bytes()


def test_a_folder_without_a_spec_says_how_to_get_one(tmp_path) -> None:
    with pytest.raises(ConfigNotFoundError, match="llmhub init"):
        Workspace(tmp_path).spec_text()


def test_the_spec_is_saved_whole(workspace, project) -> None:
    before = workspace.spec_text()
    workspace.save_spec(before, before + "# more\n")
    assert (project / "llmhub.spec.yaml").read_text() == before + "# more\n"


def test_what_somebody_else_wrote_meanwhile_is_not_lost(workspace, project) -> None:
    before = workspace.spec_text()
    (project / "llmhub.spec.yaml").write_text(before + "# theirs\n")
    with pytest.raises(ConfigError, match="changed by somebody else"):
        workspace.save_spec(before, before + "# mine\n")
    assert workspace.spec_text() == before + "# theirs\n"


def test_a_file_of_keys_is_read_into_the_environment_that_was_given(project, monkeypatch) -> None:
    (project / ".env").write_text("SHOP_KEY=from-the-file\n")
    monkeypatch.delenv("SHOP_KEY", raising=False)
    environ: dict[str, str] = {}
    Workspace(project, environ=environ).spec()
    assert environ == {"SHOP_KEY": "from-the-file"}
    assert "SHOP_KEY" not in os.environ
