"""A short hash of what a spec says, by which a generated file tells whether it is still up to date. Pure."""

from __future__ import annotations

import hashlib
import json

from llmhub.config.converter import unstructure
from llmhub.records.spec import HubSpec


def spec_hash(spec: HubSpec) -> str:
    """16 hexadecimal digits over every value of *spec*: comments, layout and the order of keys change nothing."""
    canonical = json.dumps(unstructure(spec), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
