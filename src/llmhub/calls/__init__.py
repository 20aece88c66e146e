"""One call, from role to answer.

`resolve` says which targets serve a role (pure); `plan` what to do after a failed attempt (pure); `drive` carries it
out on an event loop; `stream` passes chunks on and tells how the stream ended; `observe` tells hooks and ledger;
`loops` lends event loops to callers that have none.
"""
