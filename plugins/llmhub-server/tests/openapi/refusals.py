"""A check for schemathesis, which loads this file: what fits the description is refused by a target alone.

Its own check `positive_data_acceptance` takes every 400 for a fault. But which parameters a target takes, and with
which values, only that target says (`top_k` is none of OpenAI's), and its refusal tells the attempts that were made.
"""

from __future__ import annotations

import schemathesis


@schemathesis.check
def refused_by_a_target_alone(context, response, case):
    mode = case.meta.generation.mode if case.meta else None
    if mode is None or not mode.is_positive or response.status_code not in (400, 422):
        return
    error = response.json()["error"]
    assert error.get("attempts"), f"the gateway itself refuses what fits its description: {error['message']}"
