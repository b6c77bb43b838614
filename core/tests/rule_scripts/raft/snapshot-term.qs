# n2 has nothing but a snapshot, and votes for n3, whose log ends before it.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s snapshot=2
@0s    rule snapshot-term off
@50ms  timeout n1
@200ms isolate n3
@210ms c1 set x 1 via n1
@300ms crash n1
@310ms heal
@310ms timeout n3
@500ms show
