"""A server as processes: what one bears, how it begins, reloads and ends.

`door` stands before all routes and turns away what may not or cannot be answered; `bodies` takes requests' bodies in,
`connection` bounds what a connection may do before there is a request. `listening` has the socket, `worker` one process
that serves, `draining` its end, `reloading` its configuration; `supervisor` keeps several workers alive; `logs` says
where log lines go.
"""
