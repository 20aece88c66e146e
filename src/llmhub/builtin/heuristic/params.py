"""The parameters a role asks for, as far as the chosen model takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from llmhub.builtin.heuristic.purpose import CHAT_MODES
from llmhub.records.model import CanonicalModel
from llmhub.records.spec import Level

TEMPERATURES: Mapping[Level, float] = {"low": 0.2, "medium": 0.7, "high": 1.0}
"""What `creativity` asks for. Up to 1: Anthropic takes no more."""


@frozen
class Params:
    """What goes into the file, and what was asked for but left out or lowered."""

    values: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


def params_for(model: CanonicalModel, mode: str, mode_params: Mapping[str, Any], creativity: Level | None) -> Params:
    """`mode_params` as they stand, but for what the model is known to refuse; a temperature for `creativity`.

    Nothing is added that the role does not ask for.
    """
    values = dict(mode_params)
    warnings = []
    fixed_temperature = model.supports_temperature is False
    if creativity is not None and mode in CHAT_MODES and "temperature" not in values and not fixed_temperature:
        values["temperature"] = TEMPERATURES[creativity]
    if fixed_temperature and mode in CHAT_MODES and "temperature" in values:
        del values["temperature"]
        warnings.append(f"{model.canonical_id} takes no temperature: left out")
    longest, asked = model.max_output_tokens, values.get("max_tokens")
    if longest and isinstance(asked, int) and not isinstance(asked, bool) and asked > longest:
        values["max_tokens"] = longest
        warnings.append(f"{model.canonical_id} writes at most {longest:,} tokens: max_tokens lowered from {asked:,}")
    return Params(values, tuple(warnings))
