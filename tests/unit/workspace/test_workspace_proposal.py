"""What `llmhub generate` would write, asked for by programs."""

from __future__ import annotations

import pytest

from llmhub.errors import ConfigError, SelectionError
from llmhub.workspace import Workspace
from llmhub.workspace.spec_text import spec_in

pytestmark = pytest.mark.usefixtures("stocked")


def test_a_proposal_is_what_the_stored_spec_asks_for_and_writes_nothing(workspace, project) -> None:
    proposal = workspace.propose()
    assert proposal.generation.config.roles["llm.answers"].model == "gpt-6"
    assert (proposal.path, proposal.present) == (project / "llmhub.yaml", None)
    assert not proposal.path.exists()


def test_a_text_that_is_not_saved_can_be_proposed_for(workspace) -> None:
    text = workspace.spec_text().replace("cost: medium, quality: high", "cost: low, quality: low, max_price_input: 1")
    proposal = workspace.propose(spec_in(text))
    assert proposal.generation.config.roles["llm.answers"].model in ("gpt-6-mini", "gpt-6-nano")


def test_another_environment_has_a_file_of_its_own(project) -> None:
    assert Workspace(project, env="prod").propose().path.name == "llmhub.prod.yaml"


def test_a_role_that_no_model_satisfies_is_named(workspace) -> None:
    text = workspace.spec_text().replace("quality: high", "quality: high, context_min: 9000000")
    with pytest.raises(SelectionError, match=r"llm\.answers"):
        workspace.propose(spec_in(text))


def test_a_proposal_is_written_with_the_schema_that_it_names(workspace, project) -> None:
    workspace.write(workspace.propose(), None)
    assert workspace.config().roles["llm.answers"].model == "gpt-6"
    assert (project / ".llmhub" / "config.schema.json").is_file()


def test_a_proposal_never_replaces_a_file_that_it_was_not_compared_with(workspace, project) -> None:
    proposal = workspace.propose()
    (project / "llmhub.yaml").write_text("project: shop\n# theirs\n")
    with pytest.raises(ConfigError, match="changed by somebody else"):
        workspace.write(proposal, None)
    assert "theirs" in (project / "llmhub.yaml").read_text()
