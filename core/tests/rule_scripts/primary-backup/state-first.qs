# n3 was down when x was written again. It starts and is elected when n2 crashes.
cluster primary-backup latency=10ms
@0s    rule state-first off
@1s    c1 set x 1 via n3
@2s    crash n3
@3s    c1 set x 2 via n2
@4s    crash n2
@4.05s restart n3
@6s    c2 get x via n3
@7s    show
