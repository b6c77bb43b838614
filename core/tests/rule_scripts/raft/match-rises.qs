# Answers of n2 overtake each other: n1 believes the older one, and commits later.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule match-rises off
@50ms  timeout n1
@200ms link n2>n1 latency=10ms..100ms
@210ms c1 set x 1 via n1
@215ms c2 set y 1 via n1
@1s    show
