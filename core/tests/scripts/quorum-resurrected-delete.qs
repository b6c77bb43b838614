# A resurrected delete: n1 and n2 forget that x was deleted while n3, which missed that, is away. Then
# n3 brings x back, and read repair spreads it.
cluster quorum nodes=3 latency=10ms tombstones=2s
@0s   c1 set x 1 via n1
@1s   isolate n3
@1.5s c1 del x via n1
@5s   heal
@6s   c2 get x via n3
@7s   c1 get x via n1
@8s   show
