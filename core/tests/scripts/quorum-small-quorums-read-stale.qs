# R + W <= N: the write waits for one replica, the read asks another.
cluster quorum nodes=3 w=1 r=1 latency=10ms read-repair=off
@0s    c1 set x 1 via n1
@0.9s  link n1-n3 latency=200ms
@1s    c1 set x 2 via n1
@1.05s c2 get x via n3
@2s    show
