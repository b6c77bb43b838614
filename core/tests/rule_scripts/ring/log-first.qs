# The owner of x, n5, answers before its disk has the write, and crashes.
cluster ring latency=10ms
@0s    rule log-first off
@0s    disk n5 500ms
@100ms c1 set x 1 via n5
@200ms restart n5
@1s    c2 get x via n5
@2s    show
