# n3 is down, and n1 does not notice: it sends n3 the command.
cluster peers latency=10ms
@0s  rule silent-is-dead off
@1s  crash n3
@15s c1 set x 1 via n1
@20s restart n3
@60s show
