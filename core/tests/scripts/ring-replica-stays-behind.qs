# What a replica missed is not sent again: no anti-entropy, no read repair.
# Expected: long after the network is healed, n1 still holds 1 where n5 and n2 hold 2.
cluster ring latency=10ms
@0s c1 set x 1
@200ms isolate n1
@300ms c1 set x 2
@500ms heal
@1m show
