# The homes of x cannot be reached, so n4 and n5 keep it for them. They offer it in vain, and forget it.
cluster quorum nodes=5 sloppy=on latency=10ms
@0s   rule hint-kept off
@1s   partition c1 n4 n5 | n1 n2 n3
@1.1s c1 set x 1 via n4
@6s   heal
@8s   c2 get x via n1
@20s  show
