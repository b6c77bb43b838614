# n1 was replaced while it was cut off, and answers with the old value.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule read-confirmed off
@50ms  timeout n1
@100ms c1 set x 1 via n1
@200ms partition n1 | n2 n3
@210ms timeout n2
@300ms c1 set x 2 via n2
@400ms c2 get x via n1
@500ms show
