# title: A node leaves the ring
# question: Where do the keys of a node go that leaves?
# promise: n2 hands what it owns to the next on the ring and leaves. Every key can still be read.
# claim: n2 is left
# claim: up = 4
# claim: not violation
cluster ring latency=10ms
@0s speed 1/10x
@100ms c1 set user1 Alice
@200ms c2 set user2 Bob
@300ms c1 set user3 Carol
@800ms chapter "n2 leaves"
@900ms remove n2
@1.2s note "Its places on the ring go to whoever comes next. Nothing else moves."
@1.5s c1 get user1
@1.6s c2 get user2
@1.7s c1 get user3
@2.5s show
