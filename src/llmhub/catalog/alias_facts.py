"""What ids mean that no rule can read from them: facts, each with its reason and the days on which it holds.

`gpt-4o` is one of three snapshots and its name does not say which; `deepseek-chat` meant six models in a year and a
half. Such things stand in a maker's documentation and nowhere else. The table is applied after the rules, and every
link made by it names the fact. It is kept by hand: a fact that may have ended is given an end, and no successor until
it is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attrs import frozen


@frozen(kw_only=True)
class AliasFact:
    """The model ids *ids* at *providers* (empty: at any) mean the model that `means` names.

    From the day `since` on, and before the day `until`. `fixed_mode`: the id answers in the mode of `means` alone.
    """

    name: str
    ids: tuple[str, ...]
    means: str
    reason: str
    providers: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    fixed_mode: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the fact is true of a call made on *day*."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def facts_on(day: date) -> tuple[AliasFact, ...]:
    """The facts that hold on *day*."""
    return tuple(fact for fact in ALIAS_FACTS if fact.holds_on(day))


_PASSED_THROUGH = frozenset({"openai", "openrouter", "requesty", "vercel"})
"""OpenAI, and hosts that pass the id on to it. Azure is none of them: there a deployment states its snapshot."""


def _openai(model_id: str, means: str, since: date) -> AliasFact:
    return AliasFact(
        name=f"openai-{model_id}",
        ids=(model_id, f"openai/{model_id}"),
        means=means,
        providers=_PASSED_THROUGH,
        since=since,
        reason=f"OpenAI's undated name {model_id} points at {means}, and its other snapshots keep their dated names",
    )


_DEEPSEEK_GENERATIONS: Sequence[tuple[str, str | None, date, date]] = (
    # deepseek-chat, deepseek-reasoner, from the day of the announcement to that of the next. Where V4 put the two ids
    # is not known here, so nothing is stated after it.
    ("deepseek-v3", None, date(2024, 12, 26), date(2025, 3, 24)),
    ("deepseek-v3-0324", None, date(2025, 3, 24), date(2025, 8, 21)),
    ("deepseek-v3.1", "deepseek-v3.1-thinking", date(2025, 8, 21), date(2025, 9, 22)),
    ("deepseek-v3.1-terminus", "deepseek-v3.1-terminus-thinking", date(2025, 9, 22), date(2025, 9, 29)),
    ("deepseek-v3.2-exp", "deepseek-v3.2-exp-thinking", date(2025, 9, 29), date(2025, 12, 1)),
    ("deepseek-v3.2", "deepseek-v3.2-thinking", date(2025, 12, 1), date(2026, 4, 24)),
)

_DEEPSEEK_REASONERS: Sequence[tuple[str, date, date]] = (
    ("deepseek-r1", date(2025, 1, 20), date(2025, 5, 28)),
    ("deepseek-r1-0528", date(2025, 5, 28), date(2025, 8, 21)),
    *((thinking, since, until) for _, thinking, since, until in _DEEPSEEK_GENERATIONS if thinking),
)


def _deepseek(model_id: str, means: str, since: date, until: date) -> AliasFact:
    return AliasFact(
        name=f"{model_id}-from-{since}",
        ids=(model_id,),
        means=means,
        providers=frozenset({"deepseek"}),
        since=since,
        until=until,
        fixed_mode=True,
        reason=f"DeepSeek's own {model_id} was {means} from {since} until {until}",
    )


ALIAS_FACTS: tuple[AliasFact, ...] = (
    _openai("gpt-3.5-turbo", "gpt-3.5-turbo-0125", date(2024, 2, 16)),
    _openai("gpt-4", "gpt-4-0613", date(2023, 6, 27)),
    _openai("gpt-4o", "gpt-4o-2024-08-06", date(2024, 10, 2)),
    _openai("gpt-4-turbo-preview", "gpt-4-0125-preview", date(2024, 1, 25)),
    AliasFact(
        name="last-chatgpt-4o",
        ids=("chatgpt-4o-latest", "openai/chatgpt-4o-latest"),
        means="chatgpt-4o-latest-20250326",
        since=date(2025, 3, 26),
        reason="the snapshot of March 2025 was the last one behind this id, wherever it is offered",
    ),
    AliasFact(
        name="anthropic-claude-3.5-sonnet",
        ids=("claude-3-5-sonnet-latest", "anthropic/claude-3.5-sonnet"),
        means="claude-3-5-sonnet-20241022",
        providers=frozenset({"anthropic", "openrouter", "vercel"}),
        since=date(2024, 10, 22),
        reason="since its second snapshot came out the undated name means that one; the first keeps its dated id",
    ),
    AliasFact(
        name="google-gemini-1.5-flash",
        ids=("gemini-1.5-flash",),
        means="gemini-1.5-flash-002",
        providers=frozenset({"gemini", "vertexai"}),
        since=date(2024, 10, 8),
        reason="Google's stable name pointed at revision 002 until the model was withdrawn",
    ),
    AliasFact(
        name="google-gemini-1.5-pro",
        ids=("gemini-1.5-pro",),
        means="gemini-1.5-pro-002",
        providers=frozenset({"gemini", "vertexai"}),
        since=date(2024, 10, 8),
        reason="Google's stable name pointed at revision 002 until the model was withdrawn",
    ),
    AliasFact(
        name="alibaba-qwen3-max",
        ids=("qwen3-max", "qwen/qwen3-max", "alibaba/qwen3-max"),
        means="qwen3-max-2025-09-23",
        providers=frozenset({"dashscope", "openrouter", "vercel"}),
        since=date(2025, 9, 23),
        reason="Alibaba's stable name is the first finished snapshot; later ones are offered under their dates",
    ),
    AliasFact(
        name="qwen3-coder-is-the-large-one",
        ids=("qwen/qwen3-coder", "qwen/qwen3-coder:free", "alibaba/qwen3-coder"),
        means="qwen3-coder-480b-a35b-instruct",
        providers=frozenset({"openrouter", "vercel"}),
        since=date(2025, 7, 22),
        reason="listed as 480B A35B; the smaller ones of the family are offered under their size",
    ),
    AliasFact(
        name="first-kimi-k2",
        ids=("moonshotai/kimi-k2-instruct", "moonshotai/kimi-k2", "accounts/fireworks/models/kimi-k2-instruct"),
        means="kimi-k2-0711-preview",
        providers=frozenset({"fireworks", "groq", "huggingface", "nvidia", "openrouter", "together"}),
        since=date(2025, 7, 11),
        reason="the repository without a date holds the weights of July 2025; those of September have their own",
    ),
    AliasFact(
        name="bedrock-deepseek-v3",
        ids=("deepseek.v3-v1:0",),
        means="deepseek-v3.1",
        providers=frozenset({"bedrock"}),
        since=date(2025, 9, 18),
        reason="Bedrock never had the first V3: what it calls v3 is V3.1, as its display name says",
    ),
    AliasFact(
        name="bedrock-mistral-7b-v0.2",
        ids=("mistral.mistral-7b-instruct-v0:2",),
        means="mistral-7b-instruct-v0.2",
        providers=frozenset({"bedrock"}),
        reason="here v0:2 is the model's version and no revision of the API; the display name v0.3 is a mistake",
    ),
    AliasFact(
        name="databricks-claude-sonnet-4",
        ids=("databricks-claude-sonnet-4",),
        means="claude-sonnet-4-20250514",
        providers=frozenset({"databricks"}),
        since=date(2025, 5, 22),
        reason="the id is right; the display name, which says Sonnet 4.5, is a mistake",
    ),
    *(_deepseek("deepseek-chat", chat, since, until) for chat, _, since, until in _DEEPSEEK_GENERATIONS),
    *(_deepseek("deepseek-reasoner", means, since, until) for means, since, until in _DEEPSEEK_REASONERS),
)
