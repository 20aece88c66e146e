"""The two files of a project: found, read with the line of every fault, written, and edited without losing comments.

What other rooms may touch, each to be imported from its module, so that nobody pays for what he does not use:

- `load`: `load_config`, `load_spec`, `structure_config`, `structure_spec`, `spec_problems`: records, or all problems
- `discover`: `find_project`, `find_config`, `find_upward`, `Project`
- `environments`: `asked_environment`
- `env_file`: `load_env_file`, `example_with`, `variables_in`
- `keys`: `missing_keys`, `spec_variables`, `config_variables`
- `converter`: `unstructure`; `emit`: `dump_document`; `edit`: `edit`, `REMOVED`
- `schema`: `spec_schema`, `config_schema`, `schema_file`, `editor_line`; `key_path`: `key_path`
- `files`: `read_text`, `write_atomically`
- `yaml`: `read_document`, for what is neither of the two files
- `paths`: `catalog_file`, `config_dir`, `cache_dir`: where LLM Hub keeps files of its own

Behind them: `document` (values that know where they stand), `scalars` and `syntax` (YAML's words and faults), `rules`
(single fields), `splice` (one change to a text), `checks` (across fields), `faults` (what is wrong, before its place is
known).
"""
