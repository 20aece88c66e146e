"""The only room that imports any_llm: what LLM Hub knows of it, and every way around its rough edges.

`providers` a table of its providers that costs nothing to read; `endpoints` how one is reached and with which key;
`clients` its client objects, reused per event loop; `parameters` what each provider calls a parameter; `operations`
its calls; `failures` its exceptions in our words; `discovery` which of its providers answer from here.

any_llm takes about a second to import, so every import of it stands inside a function that is about to call it.
"""
