"""Contributions by name: chosen by the user's files, never by the order of installation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from llmhub.errors import NameClashError, PluginLoadError, UnknownContributionError
from llmhub.host.failures import FailureLog
from llmhub.host.offers import Offer
from llmhub.host.plugin import Plugin
from llmhub.records.plugins import PluginFailure

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """The contributions of one type over all plugins, sorted by name.

    `label` says what one of them is called ("catalog source"). *absent* are the plugins of this kind that could not be
    used: whoever asks for a name that is missing is told of them.

    Raises:
        NameClashError: two plugins offer the same name.
    """

    def __init__(
        self, label: str, offers: Iterable[Offer], *, absent: Iterable[PluginFailure] = (), failures: FailureLog
    ) -> None:
        self.label = label
        self._absent = tuple(absent)
        self._failures = failures
        self._offers: dict[str, Offer] = {}
        for offer in sorted(offers, key=lambda offer: (offer.name, offer.owner.key)):
            first = self._offers.setdefault(offer.name, offer)
            if first is not offer:
                raise NameClashError(label, offer.name, [str(first.owner), str(offer.owner)])

    def __getitem__(self, name: str) -> T:
        value: T = self._offers[name].value
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._offers)

    def __len__(self) -> int:
        return len(self._offers)

    def __repr__(self) -> str:
        return f"<Registry of {self.label}: {', '.join(self) or 'empty'}>"

    def owner(self, name: str) -> Plugin:
        """The plugin that offers *name*; `KeyError` when none does."""
        return self._offers[name].owner

    def pick(self, name: str) -> T:
        """The contribution that a file or a user asked for by *name*.

        Raises:
            PluginLoadError: the plugin of that name could not be used.
            UnknownContributionError: no plugin offers it; plugins that could not be used, and may have, are named.
        """
        if name in self._offers:
            return self[name]
        self._failures.mark_as_told(self._absent)
        of_that_name = [failure for failure in self._absent if failure.plugin == name]
        if of_that_name:
            raise PluginLoadError(of_that_name)
        raise UnknownContributionError(self.label, name, list(self), self._absent)
