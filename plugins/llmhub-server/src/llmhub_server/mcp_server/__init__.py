"""The catalog and the choice of a model as tools of the Model Context Protocol, for assistants and editors.

`results` are what tools answer with, `catalog_tools` and `role_tools` the tools themselves, `refusing` turns our errors
into theirs, and `server` puts the tools behind the protocol. Imported only when `llmhub mcp` runs: the SDK is the
extra `llmhub-server[mcp]`.
"""
