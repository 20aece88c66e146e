"""Frozen values that cross the boundary between the core and its plugins.

`model` what the catalog knows; `contributions` what a plugin offers; `context` what the core hands a plugin;
`spec` and `config` the two files; `calls` one call and what came of it; `selection` how a model was chosen;
`foreign` values that somebody else wrote, read with care;
`plugins` and `problems` what went wrong, and where.
"""
