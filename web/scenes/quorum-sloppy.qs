# title: Stale read: sloppy quorum
# question: What does it cost to take every write?
# promise: Behind a cut stand-ins acknowledge a write that the other side knows nothing of.
# claim: violation
cluster quorum nodes=5 sloppy=on latency=10ms
@0s speed 1/10x
@0s c1 set x 1 via n1
@900ms chapter "A cut, and a write on the smaller side"
@1s partition c1 n1 n2 n3 | c2 n4 n5
@1.1s c2 set x 2 via n4
@1.2s note "Strict quorums would refuse c2. Here others stand in for the replicas that cannot be reached."
@1.5s speed 1/2x
@1.9s chapter "A read on the larger side"
@1.9s speed 1/20x
@2s c1 get x via n1
@2.04s note "c1 reads 1, after c2 was told that x is 2."
@2.5s heal
@2.5s speed 1/5x
@4s c1 get x via n1
@5s show
