"""The spec, changed in a browser: forms beside the text, and what `llmhub generate` would make of it.

Pure: `draft` the text with its history; `form` what can be filled in, from the schema of the file; `preview` what would
be chosen and what that changes. Drawn: `session` one visitor's editing, `form_view`, `text_view`, `preview_view`,
`kept_text` for what the browser kept of an earlier visit, and `dialogs` for all that is shown before something is
written.
"""
