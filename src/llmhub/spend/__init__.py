"""What calls cost, what they may cost, and the record of it.

Prices: `rates` what a model charges, `published` the rates in genai-prices, `price` one usage at such rates, `pricing`
who is asked first. Budgets: `bound` the most a call can cost, `budgets` which ones cover it, `holds` what an attempt
holds and owes, `alerts` who is told. The record: `entry` a finished call as the ledger keeps it, `writer` work in
batches beside the calls, `guarded` a store over threads and forks, `signals` the last moment of a process. `account`
brings them together for one hub, and `opening` makes it from a configuration.
"""
