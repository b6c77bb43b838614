# n2 comes to lead before it has heard that x is committed, and answers without it.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule noop-first off
@50ms  timeout n1
@200ms c1 set x 1 via n1
@245ms crash n1
@250ms timeout n2
@275ms cut n2>n3
@276ms heal n2>n3
@276ms c2 get x via n2
@500ms show
