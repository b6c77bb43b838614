# n3 votes for n1 and crashes before its disk has the vote. Then it votes for n2.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule durable-vote off
@0s    cut n1-n2
@0s    disk n3 100ms
@50ms  timeout n1
@75ms  cut n1-n3
@75ms  restart n3
@90ms  timeout n2
@500ms show
