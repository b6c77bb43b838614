# n3 is down, and n1 keeps nothing for it.
cluster peers latency=10ms
@0s  rule kept-for-dead off
@1s  crash n3
@15s c1 set x 1 via n1
@20s restart n3
@60s show
