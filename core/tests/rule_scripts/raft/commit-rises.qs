# n2 comes to lead before it has heard that x is committed, and n3, which has, takes it back.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule commit-rises off
@50ms  timeout n1
@200ms c1 set x 1 via n1
@240ms cut n1-n2
@310ms crash n1
@310ms timeout n2
@500ms show
