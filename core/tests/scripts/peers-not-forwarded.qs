# The answer comes before replication: n1 has told its client that it is done, and dies with the
# only copy, for both its forwards are cut off.
cluster peers seed=4 latency=10ms
@1s cut n1-n2; @1s cut n1-n3
@1.01s c1 set x 1 via n1
@1.05s crash n1
@1.1s heal
@5s c2 get x via n2
@60s show
