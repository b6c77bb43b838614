# n4 has lost its disk and joins behind the tail, with no data.
cluster chain latency=10ms configurator=1
@0s    rule caught-up off
@1s    c1 set x 1 via n1
@2s    link n3-n4 latency=1s
@2s    wipe n4
@2s    restart n4
@2.4s  c2 get x via n4
@6s    show
