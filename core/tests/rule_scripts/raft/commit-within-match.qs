# n1 has an entry that nobody else has. n2's heartbeat speaks of the entry before, and n1 commits its own.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule commit-within-match off
@50ms  timeout n1
@200ms partition n1 | n2 n3
@210ms c1 set x 1 via n1
@250ms timeout n2
@400ms heal
@600ms show
