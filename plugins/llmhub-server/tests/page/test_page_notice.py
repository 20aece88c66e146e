"""What is said where there is nothing to show."""

from __future__ import annotations

from llmhub.errors import CatalogError
from llmhub_server.page.notice import named_commands, notice_of, unexpected


def test_a_project_without_a_spec_is_told_how_to_get_one(tmp_path) -> None:
    from llmhub.workspace import Workspace

    try:
        Workspace(tmp_path).spec_text()
    except Exception as error:
        notice = notice_of(error)
    assert notice.title == "No llmhub.spec.yaml yet"
    assert notice.commands == ("llmhub init",)


def test_commands_of_ours_stand_apart_each_once() -> None:
    assert named_commands("Run `llmhub init`, then `ls`; `llmhub init` again.") == ("llmhub init",)
    assert notice_of(CatalogError("gone. `llmhub catalog refresh` helps.")).commands == ("llmhub catalog refresh",)


def test_an_unexpected_fault_is_told_without_its_message() -> None:
    assert "sk-secret" not in str(unexpected(ValueError("sk-secret")))


def test_a_catalog_that_cannot_be_had_is_told_with_the_command_to_type(serving, visit, project) -> None:
    with (project / "llmhub.spec.yaml").open("a") as spec:
        spec.write("catalog: {sources: [lmarena]}\n")
    with serving(project, {"LLMHUB_OFFLINE": "1", "LLMHUB_CACHE_DIR": str(project.parent / "empty")}) as server:
        page = visit(server.address)
        assert page.locator(".notice h1").is_visible()
        assert page.locator(".notice .command").first.inner_text().startswith("llmhub ")
