"""Costs as ECharts draws them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from llmhub.records.spending import SpendTotal
from llmhub_server.page.spend.money import about

BAR = "#4a86c0"
WORDS = "#808a93"
LINES = "#80808044"
"""Colours that can be read on white and on black: a canvas follows no style sheet."""
SHOWN = 12


def by_key(totals: Sequence[SpendTotal]) -> dict[str, Any]:
    """What each key cost, dearest on top; those beyond the first twelve are taken together."""
    first, others = list(totals[:SHOWN]), totals[SHOWN:]
    names = [one.key or "none" for one in first]
    costs = [one.cost for one in first]
    if others:
        names.append(f"{len(others)} others")
        costs.append(sum((one.cost for one in others), Decimal(0)))
    # What nobody knows the price of has no bar, which says so; a bar of no length would say that it was free.
    unpriced = {one.key or "none" for one in first if one.unpriced == one.calls}
    return {
        "animation": False,
        "grid": {"left": 8, "right": 70, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "show": False, "min": 0},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            "axisLabel": {"color": WORDS, "width": 190, "overflow": "truncate"},
            "axisLine": {"lineStyle": {"color": LINES}},
            "axisTick": {"show": False},
        },
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 20,
                "itemStyle": {"color": BAR, "borderRadius": [0, 3, 3, 0]},
                "data": [
                    {
                        "value": None if name in unpriced else float(cost),
                        "label": {"formatter": about(cost)},
                    }
                    for name, cost in zip(names, costs, strict=True)
                ],
                "label": {"show": True, "position": "right", "color": WORDS},
            }
        ],
    }


def by_day(days: Sequence[SpendTotal]) -> dict[str, Any]:
    """What each day cost, in US dollars."""
    return {
        "animation": False,
        "grid": {"left": 8, "right": 16, "top": 14, "bottom": 4, "containLabel": True},
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "xAxis": {
            "type": "category",
            "data": [one.key or "" for one in days],
            "axisLabel": {"color": WORDS},
            "axisLine": {"lineStyle": {"color": LINES}},
            "axisTick": {"show": False},
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            "axisLabel": {"color": WORDS, ":formatter": "value => '$' + value.toLocaleString('en-US')"},
            "splitLine": {"lineStyle": {"color": LINES}},
        },
        "series": [
            {
                "type": "bar" if len(days) < 15 else "line",
                "barMaxWidth": 36,
                "symbolSize": 5,
                "name": "US dollars",
                "itemStyle": {"color": BAR},
                "lineStyle": {"color": BAR},
                "data": [float(one.cost) if one.unpriced < one.calls else None for one in days],
            }
        ],
    }
