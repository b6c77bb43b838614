# n1 is cut off. It removes n3 and then n2, and commits alone; n2 and n3 know of nothing.
cluster raft nodes=3 prevote=off latency=10ms
@0s    rule one-change off
@50ms  timeout n1
@200ms partition n1 | n2 n3
@210ms remove n3
@210ms remove n2
@1s    show
