# n2 acknowledges x before its disk has it, and crashes. x was committed, and n2 leads without it.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule durable-entries off
@50ms  timeout n1
@200ms isolate n3
@200ms disk n2 200ms
@210ms c1 set x 1 via n1
@250ms crash n1
@250ms restart n2
@260ms heal
@260ms timeout n2
@800ms show
