"""A short hash of a catalog's content, the same for the same content on any machine and day. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from operator import attrgetter

from attrs import fields

from llmhub.records.model import CanonicalModel, CatalogStatistics

_content = attrgetter(
    *(
        attribute.name
        for attribute in fields(CanonicalModel)
        if attribute.name not in ("provenance", "scores", "tier_reasons")
    )
)
_score = attrgetter("mode", "board", "category", "rating", "low", "high")


def fingerprint(models: Iterable[CanonicalModel], statistics: CatalogStatistics) -> str:
    """16 hexadecimal digits over all facts, scores, links and tiers, and the cuts; not over dates of download."""
    digest = hashlib.sha256(repr((sorted(statistics.quantiles.items()), statistics.price_ratio)).encode())
    described: dict[int, str] = {}  # by identity: models of one row of a leaderboard share its scores
    for model in sorted(models, key=lambda model: model.canonical_id):
        digest.update(repr(_content(model)).encode("utf-8", "surrogatepass"))
        for score in model.scores:
            key = id(score)
            if key not in described:
                described[key] = repr(_score(score))
            digest.update(described[key].encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]
