# Two changes from the same configuration: n1 and n5 hold the first, n2 and n3 decide the second alone.
cluster raft nodes=4 prevote=off latency=10ms election=10s..20s
@0s    rule own-term-first off
@50ms  timeout n1
@200ms add n5
@245ms partition n1 n5 | n2 n3 n4
@250ms timeout n2
@275ms heal
@275ms partition n1 n4 n5 | n2 n3
@276ms remove n4
@350ms restart n1
@360ms timeout n1
@400ms timeout n1
@600ms show
