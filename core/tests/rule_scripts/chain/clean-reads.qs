# The tail has answered with the new value. n1 does not know yet that it is committed.
cluster chain latency=10ms reads-at=any
@0s    rule clean-reads off
@1s    c1 set x 1 via n1
@2s    link n2>n1 latency=500ms
@2.1s  c1 set x 2 via n1
@2.3s  c2 get x via n1
@4s    show
