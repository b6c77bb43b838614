# n3's vote for n1 arrives twice, and n1 takes itself for elected. n4 and n5 vote for n2.
cluster raft nodes=5 prevote=off latency=10ms election=10s..20s
@0s    rule counted-once off
@0s    partition n1 n3 | n2 n4 n5
@0s    link n3>n1 duplicate=100%
@50ms  timeout n1
@50ms  timeout n2
@200ms show
