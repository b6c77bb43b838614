# title: Diverged for ever
# question: What if every repair is switched off?
# promise: Without hints, read repair and anti-entropy a replica that missed a write never learns of it.
# claim: x at n3 = 1
# claim: x at n1 = 2
cluster quorum nodes=3 read-repair=off hints=off anti-entropy=off latency=10ms
@0s speed 1/5x
@0s c1 set x 1 via n1
@500ms isolate n3
@500ms chapter "n3 misses a write"
@1s c1 set x 2 via n1
@1s c2 set y 3 via n2
@1.5s heal
@1.7s note "Everything is connected, everybody is up, and n3 is wrong."
@2s c2 get x via n3
@2.1s speed 10x
@8s note "Seconds later it is still wrong. Replication is not repair."
@9s show
