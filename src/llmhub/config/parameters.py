"""What parameters of a call are called, so that a misspelt one is noticed where it would have no effect.

Providers have words of their own, and new ones each month: a name that is not here is no fault, unless it is one of
these but for a slip.
"""

from __future__ import annotations

from llmhub.errors import nearest

NAMES = frozenset(
    """
    access_programs audio background background_options betas cache_control chunking_strategy complexity container
    context_management conversation dimensions embedding_dim encoding_format extra_body extra_headers extra_query
    filename frame_count frame_duration_ms frequency_penalty function_call functions image include include_raw
    inference_geo instructions keywords known_speaker_names known_speaker_references language languages logit_bias
    logprobs max_completion_tokens max_output_tokens max_tokens max_tokens_per_doc max_tool_calls metadata mime_type
    modalities moderation n output_compression output_config output_format parallel_tool_calls partial_images
    prediction presence_penalty previous_response_id prompt prompt_cache_key prompt_cache_options
    prompt_cache_retention quality reasoning reasoning_effort response_format safety_identifier seed service_tier
    size speed stop stop_sequences store stream stream_format stream_options style svg system temperature text
    thinking timeout timestamp_granularities tool_choice tools top_k top_logprobs top_n top_p truncation user
    user_profile_id verbosity voice web_search_options
    """.split()  # noqa: SIM905 - one to a line they would hide what stands below
)
"""Those of any-llm's operations and of the two SDKs most of its providers are called with, and our own."""

_OTHERS = frozenset(
    """
    best_of chat_template_kwargs dry_run enable_search enable_thinking guided_json ignore_eos keep_alive min_p
    min_tokens num_ctx num_predict provider repetition_penalty safe_prompt safety_settings think thinking_budget
    thinking_config top_a transforms typical_p
    """.split()  # noqa: SIM905 - one to a line they would hide what stands below
)
"""Words of single providers and servers, some of which look like a slip of the ones above."""


def meant(name: str) -> str | None:
    """The parameter that *name* is but for a slip; `None` for one that is right, or nobody else's word.

    >>> meant("temprature"), meant("topP"), meant("temperature"), meant("num_gpu")
    ('temperature', 'top_p', None, None)
    """
    if name in NAMES or name in _OTHERS:
        return None
    written = {_bare(known): known for known in sorted(NAMES)}
    if _bare(name) in written:
        return written[_bare(name)]
    close = nearest(name.lower(), sorted(NAMES))
    return close if close is not None and _slips(name.lower(), close) <= 1 + len(close) // 8 else None


def _bare(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _slips(name: str, other: str) -> int:
    """How many letters were left out, put in or exchanged, neighbours changing places counting once."""
    rows = [list(range(len(other) + 1))]
    for at, letter in enumerate(name, start=1):
        row = [at]
        for place, expected in enumerate(other, start=1):
            least = min(rows[-1][place] + 1, row[-1] + 1, rows[-1][place - 1] + (letter != expected))
            if at > 1 and place > 1 and letter == other[place - 2] and name[at - 2] == expected:
                least = min(least, rows[-2][place - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]
