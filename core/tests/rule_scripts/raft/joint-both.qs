# n2 and n3 shall leave at once. n1 decides that alone, while they elect another.
cluster raft nodes=3 prevote=off latency=10ms
@0s    rule joint-both off
@50ms  timeout n1
@60ms  remove n2
@60ms  remove n3
@98ms  partition n1 | n2 n3
@1s    show
