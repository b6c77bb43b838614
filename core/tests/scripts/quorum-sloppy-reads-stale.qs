# A sloppy quorum writes on both sides of a partition: W acknowledgements come from stand-ins, and
# R answers on the other side know nothing of it. Strict quorums refuse one side instead.
cluster quorum nodes=5 sloppy=on latency=10ms
@0s   c1 set x 1 via n1
@1s   partition c1 n1 n2 n3 | c2 n4 n5
@1.1s c2 set x 2 via n4
@2s   c1 get x via n1
@2.5s heal
@4s   c1 get x via n1
@5s   show
