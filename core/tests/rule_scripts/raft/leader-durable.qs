# n1 counts its own copy of x, which its slow disk does not have yet, and crashes. n2's copy is down too.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule leader-durable off
@50ms  timeout n1
@200ms isolate n3
@200ms disk n1 200ms
@210ms c1 set x 1 via n1
@250ms crash n2
@250ms restart n1
@260ms heal
@260ms timeout n3
@800ms show
