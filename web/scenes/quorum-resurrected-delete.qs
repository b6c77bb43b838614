# title: Resurrected delete
# question: Can what was deleted come back?
# promise: n1 and n2 forget the deletion of x while n3 is away. Then n3 brings x back, and read repair spreads it.
# claim: x at n1 = 1
# claim: x at n3 = 1
cluster quorum nodes=3 latency=10ms tombstones=2s
@0s speed 1/5x
@0s c1 set x 1 via n1
@900ms chapter "n3 is away while x is deleted"
@1s isolate n3
@1.5s c1 del x via n1
@1.7s note "A deletion is a version of its own, a tombstone. After two seconds it is thrown away."
@2s speed 1x
@4.9s chapter "n3 is back"
@4.9s speed 1/10x
@5s heal
@6s c2 get x via n3
@6.1s note "n3 holds x = 1. The others hold nothing, not even a reason to contradict."
@7s c1 get x via n1
@7.2s note "x is alive again on n1."
@7.5s show
