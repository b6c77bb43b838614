# A heartbeat left before n2 acknowledged x, and arrives behind it: n2 removes x, which is then committed.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule truncate-on-conflict off
@50ms  timeout n1
@200ms isolate n3
@205ms c1 set x 1 via n1
@240ms crash n1
@240ms heal
@250ms timeout n2
@500ms show
