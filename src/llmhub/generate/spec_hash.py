"""A short hash of what a spec says, by which a generated file tells whether it is still up to date. Pure."""

from __future__ import annotations

import hashlib
import json

from llmhub.config.converter import unstructure
from llmhub.records.spec import HubSpec


def spec_hash(spec: HubSpec) -> str:
    """16 hexadecimal digits over every value of *spec*: comments and layout change nothing.

    The order of roles, providers and parameters counts, since the generated file follows it.
    """
    canonical = json.dumps(unstructure(spec), separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
