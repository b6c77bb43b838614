# x is lost on its way to n2. n2's answer to a heartbeat counts for it, and n2 leads without it.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule match-acked off
@50ms  timeout n1
@200ms isolate n3
@214ms c1 set x 1 via n1
@226ms cut n1>n2
@227ms heal n1>n2
@300ms crash n1
@300ms heal
@310ms timeout n2
@500ms show
