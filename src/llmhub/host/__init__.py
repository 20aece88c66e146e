"""The only room that touches a pluggy manager: finds plugins, loads them on first use, and survives the broken ones.

`entry_points` reads which plugins are installed, importing nothing; `plugin` one plugin as its entry points state it;
`implementation` what is checked before its hooks are believed; `offers` what it says it offers; `loading` all of this
for one kind, all or nothing per plugin; `registry` the offers by name; `call_hooks` its hooks around a call;
`failures` what went wrong. `PluginHost` is the door to all of them.
"""

from llmhub.host.host import PluginHost

__all__ = ["PluginHost"]
