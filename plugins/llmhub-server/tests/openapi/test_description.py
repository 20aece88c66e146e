"""`/openapi.json` describes every route, and nothing else; schemathesis finds no answer that it does not describe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from starlette.routing import Route

from llmhub import Hub
from llmhub.host import PluginHost
from llmhub.records.config import RoleConfig
from llmhub.workspace import Workspace
from llmhub_server import catalog_api, gateway, observation, openapi
from llmhub_server.openapi.document import description
from llmhub_server.service import Service
from llmhub_server.settings import Settings

EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "15")
"""How many to generate for each operation; a few hundred take minutes."""

CATCHING = "/v1/{rest:path}"
"""Answers what there is no route for."""


def served(tmp_path: Path) -> set[tuple[str, str]]:
    hub = Hub(config={"project": "shop", "ledger": "none"}, plugins=PluginHost.empty())
    service = Service(hub=hub, workspace=Workspace(tmp_path), settings=Settings())
    routes = [route for room in (gateway, catalog_api, observation, openapi) for route in room.routes(service)]
    found = set()
    for route in routes:
        assert isinstance(route, Route)
        if route.path != CATCHING:
            # The gateway's own endpoints answer POST alone, and say so themselves.
            for method in (route.methods or {"POST"}) - {"HEAD"}:
                found.add((route.path.replace(":path", ""), method.lower()))
    return found


def test_every_route_is_described_and_every_description_has_a_route(tmp_path: Path):
    described = {(path, method) for path, methods in description()["paths"].items() for method in methods}
    assert described == served(tmp_path)


def test_every_reference_leads_to_a_component_and_every_component_is_used():
    document = description()
    used: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                used.add(value["$ref"])
            for inner in value.values():
                look(inner)
        if isinstance(value, list):
            for inner in value:
                look(inner)

    look(document)
    there = {
        f"#/components/{kind}/{name}" for kind in ("schemas", "responses") for name in document["components"][kind]
    }
    assert used == there
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_a_need_is_described_as_a_role_of_the_spec_is():
    from attrs import fields

    from llmhub.records.spec import Preferences, RoleSpec

    schemas = description(["office"])["components"]["schemas"]
    assert set(schemas["Need"]["properties"]) == {field.name for field in fields(RoleSpec)} | {"shown"}
    assert set(schemas["Preferences"]["properties"]) == {field.name for field in fields(Preferences)}
    assert "office" in schemas["Need"]["properties"]["force_provider"]["enum"]
    assert RoleConfig is not RoleSpec


def run(description: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "SCHEMATHESIS_HOOKS": "refusals", "PYTHONPATH": str(Path(__file__).parent)}
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program, "schemathesis is not installed"
    return subprocess.run(
        [program, "run", description, "--no-color", "--checks", "all", "-n", EXAMPLES,
         "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--generation-deterministic", *options],
        cwd=folder, env=environ, capture_output=True, text=True, timeout=1800,
    )  # fmt: skip


def for_its_roles(address: str, folder: Path) -> Path:
    """The description, with the project's roles as models: others are not found, and never reach a provider."""
    document = httpx.get(f"{address}/openapi.json").json()
    for operation in gateway.OPERATIONS:
        [media] = document["paths"][operation.path]["post"]["requestBody"]["content"].values()
        media["schema"]["properties"]["model"]["enum"] = [MODES[operation.method]]
    document["paths"]["/v1/models/{name}"]["get"]["parameters"][0]["schema"]["enum"] = sorted(set(MODES.values()))
    written = folder / "openapi.json"
    written.write_text(json.dumps(document), encoding="utf-8")
    return written


MODES = {operation.method: operation.method for operation in gateway.OPERATIONS} | dict.fromkeys(
    ("completion", "responses", "messages"), "chat"
)

EXPECTED = """
[[operations]]
include-path = "/v1/messages/count_tokens"
# It answers 501 to all: the check takes every status from 500 on for a fault of the server.
checks.not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "501"]

[[operations]]
include-path = "/v1/audio/transcriptions"
# In a form the number 7 and the text "7" are the same: what breaks a type there is no other request.
checks.negative_data_rejection.expected-statuses = ["2xx", "4xx", "5xx"]
"""


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_schemathesis_finds_nothing_in_the_catalog_health_and_figures(
    serving_catalog: Callable[[], str], tmp_path: Path
):
    address = f"{serving_catalog()}/openapi.json"
    found = run(address, tmp_path, "--include-path-regex", "^/(api|healthz|readyz|metrics|openapi)")
    assert found.returncode == 0, found.stdout[-6000:]
    assert "No issues found" in found.stdout


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_schemathesis_finds_nothing_in_the_gateway(serving_catalog: Callable[[], str], tmp_path: Path):
    pytest.importorskip("cohere", reason="reranking needs a provider with an extra, such as cohere")
    (tmp_path / "schemathesis.toml").write_text(EXPECTED, encoding="utf-8")
    address = serving_catalog()
    narrowed = for_its_roles(address, tmp_path)
    # In its place stands the check of `refusals`: that a target takes every parameter there is cannot be.
    without = ("--exclude-checks", "positive_data_acceptance")
    found = run(str(narrowed), tmp_path, "--url", address, "--include-path-regex", "^/v1", *without)
    assert found.returncode == 0, found.stdout[-6000:]
    assert "Tested: 12" in found.stdout


def test_the_description_is_json_that_no_browser_takes_for_a_page(serving_catalog: Callable[[], str]):
    answer = httpx.get(f"{serving_catalog()}/openapi.json")
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
