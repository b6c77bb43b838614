# The older of two writes reaches n2 last.
cluster write-all latency=10ms
@0s    rule newer-stored off
@0s    link c1-n2 latency=300ms
@100ms c1 set x 1
@150ms c2 set x 2
@20s   show
