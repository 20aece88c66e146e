"""The host: plugins are loaded by kind, on first use, all or nothing each."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from llmhub import hookimpl
from llmhub.errors import NameClashError, PluginLoadError, UnknownContributionError
from llmhub.host import PluginHost
from llmhub.records.contributions import CatalogSource, Check, Generator, Ledger, Scorer, Selector, TierDeriver

from .conftest import Site, Source


def source(name: str) -> CatalogSource:
    return CatalogSource(name=name, load=lambda context: None)  # type: ignore[arg-type, return-value]


class Sources:
    """A plugin that is an object."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.asked = 0

    @hookimpl
    def llmhub_catalog_sources(self) -> list[CatalogSource]:
        self.asked += 1
        return [source(name) for name in self.names]


def host_with(plugin: object, *kinds: str) -> PluginHost:
    host = PluginHost.empty()
    host.register(plugin, "mine", *kinds)  # type: ignore[arg-type]
    return host


# --- what plugins offer ---


def test_an_empty_host_offers_nothing_and_says_so() -> None:
    host = PluginHost.empty()
    assert dict(host.catalog_sources()) == {}
    assert host.plugins() == ()
    assert host.command_names() == {}
    with pytest.raises(UnknownContributionError, match=r"no generator named 'heuristic'\. .*plugins: none\."):
        host.generators().pick("heuristic")


def test_an_installed_plugin_offers_its_sources_under_its_name(site: Site, source_module: Source) -> None:
    site.install("llmhub-mine", "[llmhub.catalog]\nmine = mine_a", {"mine_a": source_module("zebra", "ant")})
    sources = site.host().catalog_sources()
    assert list(sources) == ["ant", "zebra"]
    assert sources.pick("ant").name == "ant"
    assert str(sources.owner("ant")) == "mine (llmhub-mine)"
    assert len(sources) == 2


@pytest.mark.parametrize(
    ("kind", "hook", "contribution", "ask"),
    [
        ("catalog", "llmhub_catalog_sources", source("x"), PluginHost.catalog_sources),
        ("catalog", "llmhub_tier_derivers", TierDeriver(name="x", derive=print), PluginHost.tier_derivers),  # type: ignore[arg-type]
        ("generate", "llmhub_generators", Generator(name="x", generate=print), PluginHost.generators),  # type: ignore[arg-type]
        ("generate", "llmhub_scorers", Scorer(name="x", score=print), PluginHost.scorers),
        ("call", "llmhub_selectors", Selector(name="x", order=print), PluginHost.selectors),  # type: ignore[arg-type]
        ("call", "llmhub_ledgers", Ledger(name="x", open=print), PluginHost.ledgers),  # type: ignore[arg-type]
        ("doctor", "llmhub_doctor_checks", Check(name="x", run=print), PluginHost.doctor_checks),  # type: ignore[arg-type]
    ],
)
def test_every_kind_of_contribution_is_found_by_name(kind: str, hook: str, contribution: object, ask: object) -> None:
    def offer() -> list[object]:
        return [contribution]

    host = host_with(SimpleNamespace(**{hook: hookimpl(offer)}), kind)
    assert dict(ask(host)) == {"x": contribution}  # type: ignore[operator]


def test_a_plugin_is_asked_once_however_often_its_contributions_are_wanted() -> None:
    plugin = Sources("a")
    host = host_with(plugin, "catalog")
    for _ in range(3):
        host.catalog_sources()
        host.tier_derivers()
    assert plugin.asked == 1


def test_many_threads_at_once_load_a_plugin_once() -> None:
    plugin = Sources("a")
    host = host_with(plugin, "catalog")
    start, seen = threading.Barrier(8), []

    def ask() -> None:
        start.wait()
        seen.append(list(host.catalog_sources()))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [["a"]] * 8
    assert plugin.asked == 1


def test_a_plugin_registered_later_is_seen() -> None:
    host = host_with(Sources("a"), "catalog")
    assert list(host.catalog_sources()) == ["a"]
    host.register(Sources("b"), "later", "catalog")
    assert list(host.catalog_sources()) == ["a", "b"]


def test_registering_needs_a_kind_there_is() -> None:
    for kinds in [(), ("calls",)]:
        with pytest.raises(ValueError, match=r"'mine'\? Give some of: catalog, generate, call, commands, doctor"):
            PluginHost.empty().register(Sources("a"), "mine", *kinds)  # type: ignore[arg-type]


# --- loading by kind ---


def test_only_plugins_of_the_kind_that_is_asked_for_are_imported(site: Site, source_module: Source) -> None:
    site.install("llmhub-cat", "[llmhub.catalog]\ncat = kind_cat", {"kind_cat": source_module("cat")})
    site.install("llmhub-gen", "[llmhub.generate]\ngen = kind_gen", {"kind_gen": ""})
    host = site.host()
    host.plugins()
    host.command_names()
    host.call_hooks()
    assert not {"kind_cat", "kind_gen"} & set(sys.modules)
    host.generators()
    assert "kind_gen" in sys.modules
    assert "kind_cat" not in sys.modules


def test_a_call_without_call_plugins_never_imports_pluggy() -> None:
    script = (
        "import sys; before = set(sys.modules)\nfrom llmhub.host import PluginHost\n"
        "hooks = PluginHost.empty().call_hooks(); print(hooks == ((),) * 7, 'pluggy' in set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["True", "False"]


def test_one_name_in_several_groups_of_one_distribution_is_one_plugin(site: Site) -> None:
    both = """
        from llmhub import hookimpl
        from llmhub.records.contributions import CatalogSource, Selector

        @hookimpl
        def llmhub_catalog_sources():
            return [CatalogSource(name="s", load=print)]

        @hookimpl
        def llmhub_selectors():
            return [Selector(name="t", order=print)]
    """
    site.install("llmhub-both", "[llmhub.catalog]\nboth = both_m\n[llmhub.call]\nboth = both_m", {"both_m": both})
    host = site.host()
    assert [(plugin.name, plugin.kinds) for plugin in host.plugins()] == [("both", ("catalog", "call"))]
    assert list(host.catalog_sources()) == ["s"]
    assert list(host.selectors()) == ["t"]
    assert host.failures == ()


def test_an_entry_point_may_name_an_object_deep_in_a_module(site: Site) -> None:
    module = """
        from llmhub import hookimpl
        from llmhub.records.contributions import CatalogSource

        class Outer:
            class plugin:
                @staticmethod
                @hookimpl
                def llmhub_catalog_sources():
                    return [CatalogSource(name="deep", load=print)]
    """
    site.install("llmhub-deep", "[llmhub.catalog]\ndeep = deep_m:Outer.plugin [extra]", {"deep_m": module})
    assert list(site.host().catalog_sources()) == ["deep"]


# --- names ---


def test_two_plugins_with_the_same_contribution_are_an_error_that_names_both(site: Site, source_module: Source) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = clash_a", {"clash_a": source_module("same")})
    site.install("dist-b", "[llmhub.catalog]\nb = clash_b", {"clash_b": source_module("same")})
    with pytest.raises(NameClashError) as caught:
        site.host().catalog_sources()
    assert caught.value.owners == ("a (dist-a)", "b (dist-b)")
    assert "LLMHUB_DISABLE_PLUGINS=b," in str(caught.value)
    assert list(site.host(disabled=["b"]).catalog_sources()) == ["same"]


def test_two_distributions_with_a_plugin_of_the_same_name_are_an_error_that_names_both(
    site: Site, source_module: Source
) -> None:
    site.install("dist-a", "[llmhub.catalog]\ntwin = twin_a", {"twin_a": source_module("a")})
    site.install("dist-b", "[llmhub.call]\ntwin = twin_b", {"twin_b": ""})
    host = site.host()
    assert len(host.plugins()) == 2
    for ask in (host.catalog_sources, host.call_hooks):
        with pytest.raises(NameClashError, match=r"dist-a \(plugin 'twin'\) and dist-b \(plugin 'twin'\) both offer"):
            ask()
    assert "twin_a" not in sys.modules
    # The name alone would disable both, so the remedy names the distribution.
    assert list(site.host(disabled=["dist-b"]).catalog_sources()) == ["a"]


def test_an_unknown_name_gets_the_nearest(site: Site, source_module: Source) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = near_a", {"near_a": source_module("lmarena")})
    with pytest.raises(UnknownContributionError, match=r"no catalog source named 'lmarna'\. Did you mean 'lmarena'\?"):
        site.host().catalog_sources().pick("lmarna")


def test_a_name_missing_because_its_plugin_is_broken_says_why(site: Site) -> None:
    site.install("dist-a", "[llmhub.generate]\nclever = broken_g", {"broken_g": "import nowhere_at_all"})
    host = site.host()
    with pytest.raises(PluginLoadError, match=r"'clever' \(dist-a\) failed to import: ModuleNotFoundError"):
        host.generators().pick("clever")
    with pytest.raises(UnknownContributionError) as caught:
        host.generators().pick("other")
    assert "plugin 'clever' (dist-a) failed to import" in str(caught.value)
    assert caught.value.failures == host.failures


# --- disabled and strict ---


@pytest.mark.parametrize("named", ["a", "dist-a", "Dist_A"])
def test_a_disabled_plugin_is_listed_and_never_imported(site: Site, source_module: Source, named: str) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = off_a\n[llmhub.commands]\na = off_a", {"off_a": source_module("a")})
    host = site.host(disabled=[named])
    assert dict(host.catalog_sources()) == {}
    assert host.command_names() == {}
    assert [plugin.status for plugin in host.load_all()] == ["disabled"]
    assert "off_a" not in sys.modules


def test_the_environment_says_what_is_disabled_and_whether_to_be_strict(site: Site, source_module: Source) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = env_a", {"env_a": source_module("env-a")})
    site.install("dist-b", "[llmhub.catalog]\nb = env_b", {"env_b": "raise RuntimeError('no')"})
    site.install("dist-c", "[llmhub.catalog]\nc = env_c", {"env_c": source_module("env-c")})
    # Only the distributions of this test matter here, not those that happen to be installed beside it.
    ours = {"LLMHUB_DISABLE_PLUGINS": " a , ,b,llmhub"}
    host = PluginHost.from_environment(ours)
    assert "env-c" in host.catalog_sources()
    assert "env-a" not in host.catalog_sources()
    assert {plugin.name for plugin in host.plugins() if plugin.status == "disabled"} >= {"a", "b"}
    strict = PluginHost.from_environment({"LLMHUB_DISABLE_PLUGINS": "llmhub", "LLMHUB_STRICT_PLUGINS": "1"})
    with pytest.raises(PluginLoadError, match="RuntimeError: no"):
        strict.catalog_sources()
    lenient = PluginHost.from_environment({"LLMHUB_DISABLE_PLUGINS": "llmhub", "LLMHUB_STRICT_PLUGINS": "0"})
    assert "env-a" in lenient.catalog_sources()


def test_a_strict_host_raises_every_time_it_is_asked(site: Site, source_module: Source) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = strict_a", {"strict_a": source_module("a")})
    site.install("dist-b", "[llmhub.catalog]\nb = strict_b", {"strict_b": "1 / 0"})
    host = site.host(strict=True)
    for _ in range(2):
        with pytest.raises(PluginLoadError, match="ZeroDivisionError") as caught:
            host.catalog_sources()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    stream = io.StringIO()
    host.report(stream)
    assert stream.getvalue() == ""


# --- listing ---


def test_listing_shows_where_a_plugin_comes_from_and_how_it_stands(site: Site, source_module: Source) -> None:
    site.install("dist-a", "[llmhub.catalog]\nfine = list_a", {"list_a": source_module("a")}, version="2.5")
    site.install("dist-b", "[llmhub.catalog]\nbroken = list_b", {"list_b": "import nowhere_at_all"})
    site.install("dist-c", "[llmhub.doctor]\nunasked = list_c", {"list_c": ""})
    host = site.host()
    assert {plugin.name: plugin.status for plugin in host.plugins()} == dict.fromkeys(
        ["broken", "fine", "unasked"], "available"
    )
    host.catalog_sources()
    standing = {plugin.name: plugin for plugin in host.plugins()}
    assert {name: plugin.status for name, plugin in standing.items()} == {
        "broken": "failed",
        "fine": "loaded",
        "unasked": "available",
    }
    fine = standing["fine"]
    assert (fine.distribution, fine.version, fine.module) == ("dist-a", "2.5", "list_a")
    assert "nowhere_at_all" in standing["broken"].failures[0].traceback
    assert {plugin.status for plugin in host.load_all()} == {"failed", "loaded"}


def test_loading_all_comes_to_an_end_whatever_clashes(site: Site, source_module: Source) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = all_a\n[llmhub.call]\ntwin = all_t", {"all_a": source_module("s")})
    site.install("dist-b", "[llmhub.catalog]\nb = all_b\n[llmhub.call]\ntwin = all_t", {"all_b": source_module("s")})
    site.install("dist-c", "[llmhub.commands]\nc = all_c", {"all_c": "import nowhere_at_all", "all_t": ""})
    listed = site.host().load_all()
    assert [(plugin.name, plugin.status) for plugin in listed] == [
        ("a", "failed"),
        ("b", "failed"),
        ("c", "failed"),
        ("twin", "failed"),
        ("twin", "failed"),
    ]
    assert "both offer the catalog source 's'" in listed[0].failures[0].error


def test_each_failure_is_reported_in_one_line_and_once(site: Site) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = report_a", {"report_a": "raise ValueError('line one\\nline two')"})
    site.install("dist-b", "[llmhub.generate]\nb = report_b", {"report_b": "raise SystemExit(2)"})
    host = site.host()
    stream = io.StringIO()
    host.catalog_sources()
    host.report(stream)
    host.report(stream)
    assert stream.getvalue() == (
        "llmhub: plugin 'a' (dist-a) failed to import: ValueError: line one line two. "
        "See `llmhub plugins show a`, or set LLMHUB_DISABLE_PLUGINS=a to go without it.\n"
    )
    host.generators()
    host.report(stream)
    assert stream.getvalue().count("\n") == 2
    assert "plugin 'b' (dist-b) failed to import: SystemExit: 2." in stream.getvalue()


def test_a_contribution_that_broke_when_run_is_remembered_with_its_owner(site: Site, source_module: Source) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = run_a", {"run_a": source_module("s")})
    host = site.host()
    sources = host.catalog_sources()
    failure = host.remember(sources.owner("s"), "run", KeyError("x"))
    assert host.failures == (failure,)
    assert str(failure).startswith("plugin 'a' (dist-a) failed to run: KeyError: 'x'.")
    assert host.plugins()[0].status == "loaded"


def test_what_was_said_in_an_error_is_not_reported_again(site: Site) -> None:
    site.install("dist-a", "[llmhub.generate]\na = said_a", {"said_a": "import nowhere_at_all"})
    host = site.host()
    with pytest.raises(PluginLoadError):
        host.generators().pick("a")
    stream = io.StringIO()
    host.report(stream)
    assert stream.getvalue() == ""
