# The answer of n1 is enough for the write, that of n2 for the read.
cluster write-all latency=10ms
@0s    rule waits-for-all off
@0s    link c1-n2 latency=300ms
@0s    link c1-n3 latency=300ms
@0s    link c2-n1 latency=300ms
@100ms c1 set x 1
@200ms c2 get x
@2s    show
