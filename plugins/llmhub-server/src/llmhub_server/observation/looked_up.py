"""What is looked up when somebody asks for the figures: how budgets stand, and which build this is."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily

if TYPE_CHECKING:
    from prometheus_client import Metric

    from llmhub_server.service import Service


class LookedUp:
    """A collector of prometheus-client over one service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """The budgets, whether they could be looked up, the number of roles, and the build."""
        from llmhub.errors import HubError

        limits = GaugeMetricFamily("llmhub_budget_limit_dollars", "What a budget allows in its window.", labels=_BUDGET)
        used = GaugeMetricFamily(
            "llmhub_budget_used_dollars", "Spent in the window, and held for calls under way.", labels=_BUDGET
        )
        reached = 1
        try:
            for budget in self._service.workspace.budgets(self._service.hub.config):
                named = (budget.name, budget.window)
                limits.add_metric(named, float(budget.limit))
                used.add_metric(named, float(budget.spent + budget.held + budget.presumed))
        except HubError:
            reached = 0
        yield limits
        yield used
        yield GaugeMetricFamily(
            "llmhub_budgets_reachable", "Whether the counters of budgets can be read.", value=reached
        )
        roles = len(self._service.hub.config.roles)
        yield GaugeMetricFamily("llmhub_roles", "Roles in the configuration in force.", value=roles)
        build = GaugeMetricFamily("llmhub_build_info", "The versions at work.", labels=("version", "any_llm", "python"))
        build.add_metric((_version("llmhub"), _version("any-llm-sdk"), platform.python_version()), 1)
        yield build


_BUDGET = ("budget", "window")


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
