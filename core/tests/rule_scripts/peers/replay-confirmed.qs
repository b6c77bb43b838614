# n1 replays to n3 what it missed, but the message is lost.
cluster peers latency=10ms
@0s  rule replay-confirmed off
@1s  crash n3
@15s c1 set x 1 via n1
@19s cut n1>n3
@20s restart n3
@22s heal
@60s show
