"""LLM Hub behind HTTP: roles as models of an OpenAI-compatible gateway.

`settings` how a server is asked to be; `service` what its parts share; `application` all routes put together;
`gateway` the dialects of OpenAI and Anthropic; `named_models` what it serves beside roles; `catalog_api` the catalog
as a service; `observation` health and figures; `commands` what the command line gains.
"""
