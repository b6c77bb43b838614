# Figure 8 of the Raft paper. n1 copies its old entry 2 to a majority and commits it; n5, whose log ends
# with a later term, is elected without it.
cluster raft nodes=5 prevote=off latency=10ms election=10s..20s
@0s    rule own-term off
@50ms  timeout n1
@200ms partition n1 n2 | n3 n4 n5
@210ms c1 set x 1 via n1
@300ms crash n1
@310ms timeout n5
@335ms isolate n5
@340ms crash n5
@340ms heal
@340ms restart n1
@350ms timeout n1
@400ms timeout n1
@468ms isolate n1
@470ms restart n5
@480ms timeout n5
@550ms timeout n5
@800ms show
