# title: Anti-entropy
# question: Who repairs a key that nobody reads?
# promise: Replicas compare what they hold from time to time. n3 gets what it missed without hint or read.
# claim: x at n3 = 2
# claim: y at n3 = 3
cluster quorum nodes=3 hints=off read-repair=off anti-entropy=2s latency=10ms
@0s speed 1/5x
@100ms c1 set x 1 via n1
@400ms isolate n3
@400ms chapter "n3 misses two writes"
@500ms c1 set x 2 via n1
@600ms c2 set y 3 via n2
@1s heal
@1.1s note "No hints, no read repair: n3 holds old values."
@1.6s chapter "Replicas compare notes"
@4.5s note "In the next round n3 and a neighbour found the keys that differ, and exchanged them."
@5s show
