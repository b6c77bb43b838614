# Entry 2 of n1 is not that of the others. It takes their entry 3 behind it all the same.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule previous-entry off
@50ms  timeout n1
@200ms partition n1 | n2 n3
@210ms c1 set x 1 via n1
@250ms timeout n2
@350ms heal n1-n3
@350ms timeout n3
@500ms show
