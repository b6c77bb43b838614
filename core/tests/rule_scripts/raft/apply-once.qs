# The answer to c1 is lost, and it asks again.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s timeout=100ms
@0s    rule apply-once off
@50ms  timeout n1
@200ms c1 append x a via n1
@225ms cut n1-c1
@290ms heal
@1s    c2 get x via n1
@1.2s  show
