from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from llmhub.builtin import overrides
from llmhub.catalog.user_files import read_yaml
from llmhub.errors import ConfigNotFoundError, InvalidFileError, SourceError
from llmhub.records.context import SourceContext
from llmhub.records.model import ModelFacts, ModelRecord, Override, Price, SourceLoad

EVERYTHING = """\
models:
  openai:gpt-4o:
    alias: [gpt-4o-2024-08-06, gpt-4o-2024-11-20]
    facts:
      price: {input: 2.5, output: 10, cache_read: 1.25}
      context_tokens: 128000
      quality_tier: 2
      supports_tool_call: true
      supports_temperature: false
    pin: true
  bedrock:deepseek.v3-v1:0:
    alias: deepseek-v3.1
  openai:gpt-3.5-turbo:
    hide: true
"""


class Folders:
    """The user's folder and a project, empty at first."""

    def __init__(self, root: Path) -> None:
        self.user, self.project = root / "config", root / "project"
        self.deep = self.project / "src" / "deep"
        for folder in (self.user, self.deep):
            folder.mkdir(parents=True)
        (self.project / "llmhub.spec.yaml").write_text("project: x\n")

    def of_user(self, text: str) -> Path:
        path = self.user / "overrides.yaml"
        path.write_text(text)
        return path

    def of_project(self, text: str) -> Path:
        path = self.project / "llmhub.overrides.yaml"
        path.write_text(text)
        return path

    def context(self, environ: Mapping[str, str] | None = None) -> SourceContext:
        def no_network(url: str, *, accept: Any) -> Any:
            raise AssertionError(url)

        return SourceContext(
            environ=environ or {},
            now=lambda: datetime(2026, 11, 23, tzinfo=UTC),
            fetch_json=no_network,
            progress=lambda _: None,
            config_dir=self.user,
            working_dir=self.deep,
            read_yaml=read_yaml,
        )

    def load(self, environ: Mapping[str, str] | None = None) -> SourceLoad:
        (source,) = overrides.llmhub_catalog_sources()
        return source.load(self.context(environ))

    def records(self) -> dict[str, ModelRecord]:
        return {f"{one.provider}:{one.model_id}": one for one in self.load().records}


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def override_of(record: ModelRecord) -> Override:
    assert record.override is not None
    return record.override


def test_without_any_file_nothing_is_overridden(folders: Folders) -> None:
    assert folders.load() == SourceLoad()


def test_all_that_a_file_says_becomes_a_record(folders: Folders) -> None:
    path = folders.of_user(EVERYTHING)
    records = folders.records()
    first = records["openai:gpt-4o"]
    assert first.source == "override"
    assert first.facts == ModelFacts(
        price=Price(input=2.5, output=10.0, cache_read=1.25),
        context_tokens=128000,
        supports_tool_call=True,
        supports_temperature=False,
    )
    assert first.override == Override(
        origin=f"{path}:2", alias=("gpt-4o-2024-08-06", "gpt-4o-2024-11-20"), tiers={"quality_tier": 2}, pin=True
    )
    assert override_of(records["bedrock:deepseek.v3-v1:0"]).alias == ("deepseek-v3.1",)
    assert override_of(records["openai:gpt-3.5-turbo"]).hide


def test_the_projects_file_is_found_beside_the_spec_from_any_folder_below(folders: Folders) -> None:
    path = folders.of_project("models: {openai:gpt-4o: {hide: true}}")
    assert override_of(folders.records()["openai:gpt-4o"]).origin == f"{path}:1"


def test_a_configuration_without_a_spec_is_a_project_too(folders: Folders) -> None:
    folders.of_project("models: {openai:gpt-4o: {hide: true}}")
    (folders.project / "llmhub.spec.yaml").rename(folders.project / "llmhub.yaml")
    assert override_of(folders.records()["openai:gpt-4o"]).hide


def test_without_a_spec_above_there_is_no_project_and_no_file_of_it(folders: Folders) -> None:
    folders.of_project("models: {openai:gpt-4o: {hide: true}}")
    (folders.project / "llmhub.spec.yaml").unlink()
    assert folders.load().records == ()


def test_a_variable_names_another_file_in_place_of_the_projects(folders: Folders, tmp_path: Path) -> None:
    folders.of_project("models: {openai:gpt-4o: {hide: true}}")
    other = tmp_path / "other.yaml"
    other.write_text("models: {openai:o3: {hide: true}}")
    loaded = folders.load({"LLMHUB_OVERRIDES": str(other)})
    assert [one.model_id for one in loaded.records] == ["o3"]


def test_a_file_that_the_variable_names_and_that_is_not_there_is_an_error(folders: Folders) -> None:
    with pytest.raises(ConfigNotFoundError, match=r"no absent\.yaml"):
        folders.load({"LLMHUB_OVERRIDES": "absent.yaml"})


def test_the_project_counts_where_both_say_something_and_the_user_where_it_does_not(folders: Folders) -> None:
    user = folders.of_user(
        "models:\n  openai:gpt-4o:\n    alias: users\n    hide: true\n"
        "    facts: {context_tokens: 1000, quality_tier: 1, cost_tier: 4, price: {input: 1, output: 2}}\n"
    )
    project = folders.of_project(
        "models: {openai:gpt-4o: {hide: false, facts: {quality_tier: 3, price: {input: 5, output: 6}}}}"
    )
    record = folders.records()["openai:gpt-4o"]
    assert record.facts == ModelFacts(context_tokens=1000, price=Price(input=5.0, output=6.0))
    assert record.override == Override(
        origin=f"{user}:2 and {project}:1", alias=("users",), tiers={"quality_tier": 3, "cost_tier": 4}
    )


def test_only_the_providers_in_question_are_given(folders: Folders) -> None:
    folders.of_user("models: {openai:gpt-4o: {hide: true}, xai:grok-4: {hide: true}}")
    (source,) = overrides.llmhub_catalog_sources()
    loaded = source.load(evolve(folders.context(), providers=("xai",)))
    assert [one.provider for one in loaded.records] == ["xai"]


WRONG = """\
model: {}
models:
  gpt-4o: {hide: true}
  openai:a: {hidden: true}
  openai:b: {}
  openai:c: {hide: yes please}
  openai:d: {hide: true, pin: true}
  openai:e: {facts: {price: {input: -1, outputs: 2}}}
  openai:f: {facts: {quality_tier: 9, context_tokens: 1.5}}
  openai:g: {alias: []}
  openai:h: 7
  openai:i: {facts: {price: {input: .nan, output: true}}}
"""


def test_all_problems_of_a_file_are_told_at_once_each_with_its_place(folders: Folders) -> None:
    path = folders.of_user(WRONG)
    with pytest.raises(InvalidFileError) as told:
        folders.load()
    problems = {(problem.line, problem.path): problem for problem in told.value.problems}
    assert list(problems) == [
        (1, "model"),
        (3, "models.gpt-4o"),
        (4, "models.openai:a.hidden"),
        (4, "models.openai:a"),
        (5, "models.openai:b"),
        (6, "models.openai:c.hide"),
        (7, "models.openai:d.pin"),
        (8, "models.openai:e.facts.price.outputs"),
        (8, "models.openai:e.facts.price"),
        (8, "models.openai:e.facts.price.input"),
        (9, "models.openai:f.facts.context_tokens"),
        (9, "models.openai:f.facts.quality_tier"),
        (10, "models.openai:g.alias"),
        (11, "models.openai:h"),
        (12, "models.openai:i.facts.price.input"),
        (12, "models.openai:i.facts.price.output"),
    ]
    assert problems[4, "models.openai:a.hidden"].suggestion == "hide"
    assert str(problems[9, "models.openai:f.facts.quality_tier"]).startswith(f"{path}:9:22: ")
    assert "1 (best or cheapest) to 5" in str(problems[9, "models.openai:f.facts.quality_tier"])


def test_the_problems_of_both_files_are_told_together(folders: Folders) -> None:
    user = folders.of_user("models: [")
    project = folders.of_project("models: {gpt-4o: {hide: true}}\nmodels: {}\n")
    with pytest.raises(InvalidFileError) as told:
        folders.load()
    assert {problem.file for problem in told.value.problems} == {str(user), str(project)}
    assert len(told.value.problems) == 3


@pytest.mark.parametrize("text", ["x-note: mine\n", "models:\n"])
def test_a_file_that_names_no_models_is_told_so(folders: Folders, text: str) -> None:
    folders.of_user(text)
    with pytest.raises(InvalidFileError, match="names no models"):
        folders.load()


def test_keys_of_the_users_own_are_left_alone(folders: Folders) -> None:
    folders.of_user("x-note: mine\nmodels: {openai:o3: {hide: true}}\n")
    assert len(folders.load().records) == 1


def test_a_host_that_cannot_read_files_is_told_so(folders: Folders) -> None:
    folders.of_user(EVERYTHING)
    (source,) = overrides.llmhub_catalog_sources()
    with pytest.raises(SourceError, match="no way to read"):
        source.load(evolve(folders.context(), read_yaml=None))


def test_the_example_of_the_documentation_is_a_valid_file(folders: Folders) -> None:
    page = Path(__file__).parents[3] / "docs/explanation/linking.md"
    example = page.read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    folders.of_user(example)
    records = folders.records()
    assert records["openai:gpt-4o"].facts.price == Price(input=2.0, output=8.0)
    assert override_of(records["mistral:mistral-medium-2505"]).pin


def test_a_figure_of_more_digits_than_a_float_holds_is_a_problem_with_its_place(folders: Folders) -> None:
    many = "1" + "0" * 400
    folders.of_user(
        "models:\n  openai:gpt-4o:\n    facts:\n"
        f"      price: {{input: {many}, output: 1}}\n      context_tokens: {many}\n"
    )
    with pytest.raises(InvalidFileError) as refused:
        folders.load()
    assert [problem.line for problem in refused.value.problems] == [5, 4]
    assert all(len(str(problem)) < 300 for problem in refused.value.problems)
