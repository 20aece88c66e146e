"""A short hash of a catalog's content, the same for the same content on any machine and day. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from llmhub.records.model import CanonicalModel, CatalogStatistics
from llmhub.records.model_json import to_plain


def fingerprint(models: Iterable[CanonicalModel], statistics: CatalogStatistics) -> str:
    """16 hexadecimal digits over all facts, scores, links and tiers, and the cuts; not over dates of download."""
    digest = hashlib.sha256(_canonical(to_plain(statistics)))
    for model in sorted(models, key=lambda model: model.canonical_id):
        digest.update(_canonical(to_plain(model, without=("provenance", "scores", "tier_reasons"))))
        for score in model.scores:
            digest.update(repr((score.mode, score.board, score.category, score.rating, score.low, score.high)).encode())
    return digest.hexdigest()[:16]


def _canonical(plain: object) -> bytes:
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
