"""From a spec and a catalog to `llmhub.yaml`: runs the generator the spec names, and writes what it decided.

Import from the modules: `run.generate` the generation itself (`complete` adds what every configuration has);
`emit.render` its file as text (`carry` keeps what no generator decides); `diff.difference` what would change;
`write.write` puts it in place; `spec_hash.spec_hash` the fingerprint of a spec.
"""
