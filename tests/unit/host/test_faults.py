"""A plugin with a fault is passed over as a whole, with a message that says what to mend."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llmhub import hookimpl
from llmhub.errors import PluginLoadError
from llmhub.host import PluginHost
from llmhub.records.contributions import TierDeriver

from .conftest import Site, Source

HEAD = """
from llmhub import hookimpl
from llmhub.records.contributions import CatalogSource, TierDeriver

@hookimpl
def llmhub_tier_derivers():
    return [TierDeriver(name="fine", derive=print)]

"""


@pytest.mark.parametrize(
    ("body", "phase", "said"),
    [
        (
            "@hookimpl\ndef llmhub_catalog_source(): return []",
            "register",
            "llmhub_catalog_source is no hook of LLM Hub; did you mean llmhub_catalog_sources?",
        ),
        ("@hookimpl\ndef frobnicate(): return []", "register", "frobnicate is no hook of LLM Hub"),
        (
            "@hookimpl(specname='llmhub_catalog_sourcs')\ndef mine(): return []",
            "register",
            "llmhub_catalog_sourcs is no hook of LLM Hub; did you mean llmhub_catalog_sources?",
        ),
        (
            "def llmhub_catalog_sources(): return []",
            "register",
            "llmhub_catalog_sources is not marked: put @llmhub.hookimpl above it",
        ),
        (
            "def llmhub_catalog_sorces(): return []",
            "register",
            (
                "llmhub_catalog_sorces is neither marked nor a hook of LLM Hub; "
                "did you mean @llmhub.hookimpl above llmhub_catalog_sources?"
            ),
        ),
        (
            "@hookimpl\ndef llmhub_catalog_sources(context): return []",
            "register",
            "llmhub_catalog_sources is never given 'context', only no arguments",
        ),
        (
            "@hookimpl\ndef llmhub_before_call(call): pass",
            "register",
            "llmhub_before_call would never be called: name the plugin in the entry-point group llmhub.call, too",
        ),
        (
            "@hookimpl(wrapper=True)\ndef llmhub_catalog_sources(): return (yield)",
            "register",
            "llmhub_catalog_sources is a wrapper, and LLM Hub calls none: use tryfirst or trylast",
        ),
        (
            "@hookimpl\nasync def llmhub_catalog_sources(): return []",
            "register",
            "llmhub_catalog_sources is async, and hooks are called as plain functions: write def, not async def",
        ),
        (
            "@hookimpl\ndef llmhub_catalog_sources(): yield CatalogSource(name='x', load=print)",
            "register",
            "llmhub_catalog_sources is a generator: return a list, do not yield",
        ),
        (
            "@hookimpl\ndef llmhub_catalog_sources(): return CatalogSource(name='x', load=print)",
            "collect",
            "llmhub_catalog_sources returned a value of type CatalogSource, expected a list or tuple of CatalogSource",
        ),
        (
            "@hookimpl\ndef llmhub_catalog_sources(): pass",
            "collect",
            "llmhub_catalog_sources returned None, expected a list or tuple of CatalogSource",
        ),
        (
            "@hookimpl\ndef llmhub_catalog_sources(): return 'models_dev'",
            "collect",
            "llmhub_catalog_sources returned a value of type str, expected a list or tuple of CatalogSource",
        ),
        (
            "@hookimpl\ndef llmhub_catalog_sources(): return [TierDeriver(name='y', derive=print)]",
            "collect",
            "llmhub_catalog_sources returned a value of type TierDeriver among its values, expected only CatalogSource",
        ),
        (
            "@hookimpl\ndef llmhub_catalog_sources(): return [CatalogSource(name='', load=print)]",
            "collect",
            "llmhub_catalog_sources returned a value of type CatalogSource without a name",
        ),
        (
            "@hookimpl\ndef llmhub_catalog_sources(): return [CatalogSource(name='x', load=print)] * 2",
            "collect",
            "llmhub_catalog_sources returned the name 'x' more than once",
        ),
        ("@hookimpl\ndef llmhub_catalog_sources(): return [1 / 0]", "collect", "ZeroDivisionError: division by zero"),
        ("raise SystemExit", "import", "SystemExit"),
        ("def broken(:", "import", "SyntaxError: invalid syntax (fault_m.py, line 9)"),
    ],
)
def test_a_faulty_plugin_is_passed_over_as_a_whole_and_told_of(
    site: Site, source_module: Source, body: str, phase: str, said: str
) -> None:
    site.install("dist-faulty", "[llmhub.catalog]\nfaulty = fault_m", {"fault_m": HEAD + body})
    site.install("dist-good", "[llmhub.catalog]\ngood = good_m", {"good_m": source_module("good")})
    host = site.host()
    assert list(host.catalog_sources()) == ["good"]
    assert list(host.tier_derivers()) == []
    [failure] = host.failures
    assert (failure.plugin, failure.distribution, failure.phase) == ("faulty", "dist-faulty", phase)
    assert failure.error == said


def test_a_missing_attribute_of_the_module_is_a_failure_to_import(site: Site) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = attribute_m:Plugin", {"attribute_m": ""})
    host = site.host()
    host.catalog_sources()
    assert "has no attribute 'Plugin'" in host.failures[0].error
    assert host.failures[0].phase == "import"


def test_all_faults_of_a_plugin_are_told_at_once() -> None:
    @hookimpl
    def llmhub_before_call(cal: object) -> None: ...

    @hookimpl
    def llmhub_aftercall(result: object) -> None: ...

    plugin = SimpleNamespace(llmhub_before_call=llmhub_before_call, llmhub_aftercall=llmhub_aftercall)
    with pytest.raises(PluginLoadError) as caught:
        PluginHost.empty().register(plugin, "mine", "call")
    assert "llmhub_before_call is never given 'cal', only call; did you mean 'call'?" in str(caught.value)
    assert "llmhub_aftercall is no hook of LLM Hub; did you mean llmhub_after_call?" in str(caught.value)


def test_an_argument_by_position_only_is_refused() -> None:
    @hookimpl
    def llmhub_before_call(call: object, /) -> None: ...

    with pytest.raises(PluginLoadError, match="takes 'call' by position only"):
        PluginHost.empty().register(SimpleNamespace(llmhub_before_call=llmhub_before_call), "mine", "call")


def test_an_object_that_was_refused_leaves_nothing_behind() -> None:
    host = PluginHost.empty()
    with pytest.raises(PluginLoadError):
        host.register(SimpleNamespace(llmhub_generators=hookimpl(lambda unknown: [])), "mine", "generate")
    assert host.plugins() == ()


def test_an_optional_hook_of_another_version_is_no_fault(site: Site) -> None:
    module = HEAD + "@hookimpl(optionalhook=True)\ndef llmhub_of_the_future(): return []"
    site.install("dist-a", "[llmhub.catalog]\na = optional_m", {"optional_m": module})
    host = site.host()
    assert list(host.tier_derivers()) == ["fine"]
    assert host.failures == ()


def test_a_function_of_the_plugins_own_may_begin_with_llmhub(site: Site) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = own_m", {"own_m": HEAD + "def llmhub_version(): return 1"})
    host = site.host()
    assert list(host.tier_derivers()) == ["fine"]
    assert host.failures == ()


def test_a_property_of_a_plugin_object_is_not_taken_for_a_hook() -> None:
    class Plugin:
        @hookimpl
        def llmhub_tier_derivers(self) -> list[TierDeriver]:
            return [TierDeriver(name="fine", derive=print)]  # type: ignore[arg-type]

        llmhub_note = "a text"

    host = PluginHost.empty()
    host.register(Plugin(), "mine", "catalog")
    assert list(host.tier_derivers()) == ["fine"]


def test_one_module_under_two_names_of_a_kind_is_loaded_once_and_told_of(site: Site, source_module: Source) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = double_m\nb = double_m", {"double_m": source_module("s")})
    host = site.host()
    assert list(host.catalog_sources()) == ["s"]
    assert [failure.error for failure in host.failures] == ["its module is registered already, as plugin 'a'"]


def test_a_module_may_hold_a_command_under_another_entry_point_name(site: Site) -> None:
    module = HEAD + "@hookimpl\ndef llmhub_commands(): return []"
    site.install(
        "dist-a", "[llmhub.catalog]\na = command_m\n[llmhub.commands]\nhello = command_m", {"command_m": module}
    )
    host = site.host()
    assert list(host.tier_derivers()) == ["fine"]
    assert host.failures == ()


def test_what_fails_the_same_way_for_two_kinds_is_told_once(site: Site) -> None:
    site.install("dist-a", "[llmhub.catalog]\na = twice_m\n[llmhub.generate]\na = twice_m", {"twice_m": "1 / 0"})
    host = site.host()
    host.catalog_sources()
    host.generators()
    assert len(host.failures) == 1
