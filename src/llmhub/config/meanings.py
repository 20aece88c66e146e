"""What each key of the files means, in one line: for editors, which show it beside the key, and for the reference."""

from __future__ import annotations

from collections.abc import Mapping

_TARGET = {
    "provider": "a provider of any-llm, or one declared under `providers`",
    "model": "the model, by the provider's own name for it",
    "params": "sent with each call; `embedding_dim` reaches each provider under its own name",
    "context_tokens": "the longest input; a call too long for one target goes to one known to take more",
    "refuses": "parameters the model does not take: `temperature` and its like are left out, `tools` refused",
}
_PROVIDER = {
    "env_key": "the variable that holds its key, if not the provider's usual one",
    "api_base": "an address of your own; with a name any-llm does not know, an OpenAI-compatible endpoint",
    "type": "the any-llm provider whose dialect an endpoint speaks; `openai` for most",
}

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "HubSpec": {
        "project": "a name for the project; the ledger and budgets count under it",
        "env": "the environment this file is for",
        "providers": "which providers may be chosen, by name",
        "roles": "what the code asks for, by name",
        "defaults": "what holds for roles that do not say otherwise",
        "catalog": "what the catalog is built from",
        "generator": "who chooses: a plugin by name",
        "environments": "by environment, what is laid over the rest",
    },
    "ProviderSpec": {"enabled": "whether it may be chosen", **_PROVIDER},
    "RoleSpec": {
        "kind": "what the role does; fixes how it may be called",
        "description": "for people, and for a model that helps to choose",
        "preferences": "what the role wants of its model",
        "force_provider": "take this provider",
        "force_model": "take this model; one the catalog lacks is refused, except at an endpoint of yours",
        "mode_params": "parameters to call it with",
        "fallbacks": "how many further targets to choose",
        "weights": "how much each criterion counts, instead of what the preferences imply",
    },
    "Preferences": {
        "cost": "what you are ready to pay: low is cheap",
        "latency": "how long you are ready to wait: low is fast",
        "quality": "how good its answers must be: high is good",
        "reasoning": "how well it must think",
        "creativity": "how well it must write",
        "context_min": "tokens its window must hold; a hard limit",
        "needs": "abilities it must have; a hard limit",
        "max_price_input": "US dollars per million tokens; a hard limit",
        "max_price_output": "US dollars per million tokens; a hard limit",
        "open_weights": "`true`: only models whose weights are published",
        "providers": "choose among these only",
        "exclude_models": "never choose these",
        "criteria": "criteria of plugins (scorers), by name, and how much each counts",
    },
    "SpecDefaults": {
        "providers": "choose among these",
        "preferences": "wants of every role that says nothing else",
    },
    "CatalogOptions": {
        "sources": "which sources to use, by name; empty: those that are on by default",
        "price_ratio": "input tokens per output token behind a blended price",
    },
    "HubConfig": {
        "project": "a name for the project; the ledger and budgets count under it",
        "env": "the environment this file is for",
        "providers": "how to reach providers, by name",
        "roles": "what serves each role, by name",
        "defaults": "a role that serves any name the file lacks",
        "selector": "which target a call tries first: a plugin by name; a file with variants uses `variants`",
        "ledger": "where calls are recorded: a plugin by name, `sqlite` unless said; `none` keeps no record",
        "ledger_options": "how the ledger keeps calls",
        "budgets": "limits on what calls may cost, by name",
        "circuit": "when a target that keeps failing is left alone",
        "generated": "what the file was made from; written by `llmhub generate`",
    },
    "ProviderConfig": {
        **_PROVIDER,
        "client_args": "for the constructor of the provider's SDK",
        "max_concurrency": "so many calls at once; further ones wait their turn",
    },
    "RoleConfig": {
        **_TARGET,
        "mode": "what the role can be asked for",
        "fallbacks": "further targets, in the order they are tried",
        "timeout": "seconds for one attempt",
        "deadline": "seconds for the whole call; 600 unless said",
        "retry": "how often each target is tried",
        "reason": "why it was chosen",
        "fallback_on": "what else leads to the next target",
        "variants": "arms of an experiment",
        "sticky_by": "`user`, or the name of a label: calls of one key stay at one variant",
        "cache": "answers are kept for the very same question; off without it",
        "budget": "a budget for the role alone",
        "pinned": "`true`: `llmhub generate` leaves the role as it is",
    },
    "TargetConfig": {**_TARGET, "mode": "unset: that of the role"},
    "Retry": {
        "attempts": "tries per target",
        "max_delay": "the longest wait between them, in seconds",
    },
    "VariantConfig": {
        **_TARGET,
        "name": "what reports call it",
        "weight": "its share of the calls, against the other variants'",
        "enabled": "`false`: it gets no calls",
        "provider": "unset: that of the role",
        "model": "unset: that of the role",
        "params": "laid over those of the role",
        "context_tokens": "unset: that of the role",
        "refuses": "unset: that of the role",
    },
    "CacheConfig": {"ttl": "seconds for which an answer serves again"},
    "BudgetConfig": {
        "limit": "US dollars",
        "window": "what the limit is for; begins anew by UTC",
        "environment": "count only calls of this environment",
        "role": "count only calls of this role",
        "provider": "count only calls to this provider",
        "label": "count only calls with these labels",
        "on_exceed": "`block` refuses a call that may not fit, `fallback` tries a cheaper target first, `warn` tells",
        "alerts": "shares of the limit to tell at; 0.8 and 1.0 unless said",
        "webhook_env": "the variable with an address to tell",
        "after_crash": "what a crashed call held: `count` it as spent, or `release` it",
    },
    "LedgerOptions": {
        "retention_days": "days to keep entries; unset: for ever",
        "store_content": "keep prompts and answers, too",
        "flush_on_signals": "write what is left when a signal ends the process",
    },
    "Circuit": {
        "failures": "a target is left alone after so many in a row; 0: never",
        "cooldown": "for so many seconds",
    },
    "Generated": {
        "by": "program and version",
        "catalog": "fingerprint of the catalog",
        "spec_hash": "fingerprint of the spec",
        "measured": "fingerprint of `llmhub.measured.yaml`",
        "content": "hash of what was decided; another one now means that somebody edited the file",
    },
}
"""Record to key to meaning. A key without one fails a test."""


def meaning(record: type, key: str) -> str | None:
    """What *key* of a *record* means.

    >>> from llmhub.records.config import Retry
    >>> meaning(Retry, "attempts")
    'tries per target'
    """
    return MEANINGS.get(record.__name__, {}).get(key)
