# title: Three-way split
# question: Can a cluster go on when no part has a majority?
# promise: Two, two and one of five: nobody can promise anything, and nobody does, until the cut heals.
# claim: leader = none
# claim: c1 waiting > 1s
# claim: x at n1 = 1
cluster raft nodes=5 seed=42 timeout=10s check-quorum=on
@0s speed 1/5x
@50ms timeout n5
@500ms c1 set x 1
@900ms chapter "The network falls into three parts"
@900ms speed 1/10x
@1s partition n1 n2 c1 | n3 n4 c2 | n5
@1.1s note "The largest part has two of five. Three are needed."
@1.3s c1 set x 2 via n1
@1.6s speed 1/2x
@2s note "n5 noticed that it reaches no majority, and gave up. The others ask in vain whether they could win."
@3s note "c1 waits. Consistent and not available: that is what Raft chooses."
@3.5s show
