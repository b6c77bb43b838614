# title: Raft beside a sloppy quorum
# question: What do you get for giving up consistency?
# promise: Behind a cut the sloppy quorum answers both clients. Raft answers one, and is right.
# claim: 1: not violation
# claim: 1: waiting > 0
# claim: 2: violation
# claim: 2: waiting = 0
cluster raft seed=7 latency=10ms retries=10
cluster quorum nodes=5 sloppy=on latency=10ms retries=10
@0s speed 1/5x
@600ms c1 set x 1 via n1
@1.3s chapter "A cut"
@1.3s speed 1/10x
@1.4s partition n1 n2 n3 c1 | n4 n5 c2
@1.9s c2 set x 2 via n4
@2.1s note "c2 is on the smaller side. Raft lets it wait; the sloppy quorum lets others stand in."
@2.4s c1 get x via n1
@2.7s note "c1 reads 1 in both. In the sloppy quorum that is wrong: c2 was told that x is 2."
@3s show
