# n4 was the tail until it was cut off, and does not know that the chain has gone on without it.
cluster chain latency=10ms configurator=1
@0s    rule lease-held off
@1s    c1 set x 1 via n1
@2s    partition n1 n2 n3 | n4
@3s    c1 set x 2 via n1
@4s    c2 get x via n4
@5s    show
