"""Who may ask what of a server.

`key` what a key is, `token` how it is shown and recognised, `store` the file that keeps keys, `ring` the keys as a
running server knows them, `permission` what they may ask for, `principal` who asks, `budgets` what keys may spend,
`expiry` until when they hold, `origin` which browsers may ask where no key is needed, `refusal` how a request is turned
away.
"""
