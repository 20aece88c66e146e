"""From a spec and a catalog to `llmhub.yaml`: runs the generator the spec names, and writes what it decided.

Import from the modules. Making the file: `run.generate` the generation itself (`complete` adds what every configuration
has, `windows` how long an input each target takes; `pins` and `exclusions` warn); `emit.render` its text, over the
`present` one (`decided` says what is a generator's to decide, `carry` and `comments` keep the rest);
`diff.difference` what would change; `write.write` puts it in place.

Looking at it: `check` whether it would come out the same (`spec_hash` of what it was made from); `changes` role by
role; `effects` what a change of model costs or gains; `upgrade` what is better now, and what became of models in use;
`standings` why a model was chosen, and another not.
"""

DEFAULT_GENERATOR = "heuristic"
"""The generator that others may build upon: `GenerateRequest.base`."""
