# title: Both sides of a cut
# question: What does a ring do about a partition?
# promise: Nothing: two clients on two sides read different values of one key at the same moment.
# claim: violation
# claim: x at n5 = 2
# claim: x at n1 = 1
cluster ring balancer=off latency=10ms
@0s speed 1/10x
@0s c1 set x 1 via n5
@150ms chapter "A cut"
@200ms partition n3 n4 n5 c1 | n1 n2 c2
@300ms c1 set x 2 via n4
@400ms note "The owner n5 is on the side of c1. On the other side a replica takes its place."
@450ms chapter "Both read at once"
@450ms speed 1/20x
@500ms c1 get x via n4
@500ms c2 get x via n2
@1.2s note "c1 reads 2, c2 reads 1: available on both sides, and not consistent."
@1.5s show
