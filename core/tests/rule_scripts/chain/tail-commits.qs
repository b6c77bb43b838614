# The head answers and crashes before the write has left for the next link.
cluster chain latency=10ms
@0s    rule tail-commits off
@1s    cut n1-n2
@1.1s  c1 set x 1 via n1
@1.2s  crash n1
@1.2s  heal
@3s    c2 get x via n2
@4s    show
