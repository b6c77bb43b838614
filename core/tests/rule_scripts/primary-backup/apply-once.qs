# The answer to c1 is lost, and it asks again.
cluster primary-backup latency=10ms timeout=200ms
@0s    rule apply-once off
@1s    c1 append x a via n3
@1.02s cut n3-c1
@1.15s heal
@3s    c2 get x via n3
@4s    show
