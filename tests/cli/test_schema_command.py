"""`llmhub schema` and `llmhub path`."""

import json

import pytest
from jsonschema import Draft202012Validator


@pytest.mark.parametrize("which", ["spec", "config"])
def test_a_schema_is_printed_as_json(run, which):
    schema = json.loads(run("schema", which).stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")


def test_the_spec_that_init_writes_is_valid_by_its_schema(run, project):
    from llmhub.config.yaml import read_document

    run("init")
    document = read_document((project / "llmhub.spec.yaml").read_text(encoding="utf-8"), "spec").value
    Draft202012Validator(json.loads(run("schema", "spec").stdout)).validate(document)


def test_the_configuration_that_generate_writes_is_valid_by_its_schema(run, project, spec):
    from llmhub.config.yaml import read_document

    run("generate", "--yes")
    document = read_document((project / "llmhub.yaml").read_text(encoding="utf-8"), "config").value
    Draft202012Validator(json.loads(run("schema", "config").stdout)).validate(document)


def test_write_puts_it_where_editors_look_and_says_which_line_names_it(run, project, spec):
    ended = run("schema", "spec", "--write")
    assert (project / ".llmhub" / "spec.schema.json").read_text(encoding="utf-8") == run("schema", "spec").stdout
    assert "# yaml-language-server: $schema=.llmhub/spec.schema.json" in ended.stderr


def test_an_unknown_schema_is_a_usage_error(run):
    assert run("schema", "catalog").returncode == 2


def test_path_tells_where_everything_lies(run, project, spec, tmp_path):
    told = json.loads(run("path", "--json").stdout)
    assert told["spec"] == {"path": str(spec), "exists": True}
    assert told["config"] == {"path": str(project / "llmhub.yaml"), "exists": False}
    assert told["catalog"]["path"] == str(tmp_path / "cache" / "catalog.json")
    assert set(told) == {"spec", "config", "env", "schema", "catalog", "cache"}
    assert str(spec) in run("path").stdout


def test_path_of_one_thing_is_that_path_and_nothing_else(run, spec):
    assert run("path", "spec").stdout == f"{spec}\n"


def test_path_names_files_where_they_would_be(run, project):
    assert run("path", "config").stdout == f"{project / 'llmhub.yaml'}\n"
