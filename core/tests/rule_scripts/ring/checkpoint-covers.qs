# n5 drops the log records of what was written while its checkpoint was made, and crashes.
cluster ring latency=10ms checkpoint=1s
@0s    rule checkpoint-covers off
@500ms c1 set x 1 via n5
@1.5s  c1 set x 2 via n5
@2.5s  restart n5
@3s    c2 get x via n5
@4s    show
