# n1 was replaced by n2. Its late entry overwrites that of n2 at n3, which had acknowledged it.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule leader-of-this-term off
@50ms  timeout n1
@200ms cut n1-n2
@200ms link n1>n3 latency=100ms
@200ms c1 set x 1 via n1
@250ms timeout n2
@320ms crash n2
@330ms timeout n3
@400ms timeout n3
@800ms show
