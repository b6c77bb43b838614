# Partitions are not handled. Two clients ask different nodes on different sides of one.
# Expected: c1 reads what it wrote to the owner, c2 at the same time the old value from a replica.
cluster ring balancer=off latency=10ms
@0s c1 set x 1 via n5
@200ms partition n3 n4 n5 c1 | n1 n2 c2
@300ms c1 set x 2 via n4
@500ms c1 get x via n4
@500ms c2 get x via n2
@1500ms show
