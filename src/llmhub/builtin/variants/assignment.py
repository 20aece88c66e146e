"""Which variant a call gets. Pure, and without memory: every process of a fleet comes to the same answer.

Weighted rendezvous hashing (Thaler and Ravishankar, 1998; the weighted form by Schindelhauer and Schomaker, 2005): each
variant draws a number from the hash of key and name, the highest wins. Of the keys that a change of weights moves, none
moves between variants whose weights stayed, and no more move than must.
"""

from __future__ import annotations

from hashlib import blake2b
from math import log

from llmhub.records.calls import CallContext, Target


def assign(call: CallContext, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """The call's variant, then the role's fallbacks; the other variants are left out.

    Calls of one `sticky_key` in one role get the same variant. A call without goes by its own id: at random.
    """
    variants = [target for target in targets if target.variant is not None]
    if not variants:
        return targets
    key = call.sticky_key if call.sticky_key is not None else call.call_id
    chosen = max(variants, key=lambda target: draw(call.role, key, target)) if len(variants) > 1 else variants[0]
    return (chosen, *(target for target in targets if target.variant is None))


def draw(role: str, key: str, target: Target) -> float:
    """What *target* draws for *key*: higher with more weight, the same in every process."""
    # Sizes stand before texts, so that no two triples run together to the same bytes.
    variant = target.variant or ""
    text = f"{len(role)}:{role}{len(variant)}:{variant}{len(key)}:{key}"
    number = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    uniform = (number + 0.5) / 2**64
    # Rounded up to 1, the largest numbers would divide by zero.
    return -target.weight / log(min(uniform, 1 - 2**-53))
