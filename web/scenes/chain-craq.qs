# title: Reads at any node (CRAQ)
# question: Can every node answer reads and nobody be wrong?
# promise: With reads-at=any a node that has an uncommitted write asks the tail first, and then answers.
# claim: not violation
# claim: x at n1 = 2
cluster chain latency=10ms reads-at=any
@0s speed 1/10x
@1s c1 set x 1
@1.5s c2 get x via n1
@1.6s note "n1 has one version and knows that it is committed: it answers at once."
@1.9s chapter "A read while a write is under way"
@1.9s speed 1/50x
@2s c1 set x 2 via n1
@2.015s c2 get x via n1
@2.03s note "n1 has a newer version that may not be committed. It asks the tail up to where."
@2.3s show
