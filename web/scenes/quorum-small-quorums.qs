# title: Stale read: R + W ≤ N
# question: Why must read and write quorums overlap?
# promise: The write waits for one replica, the read asks one: another one. c2 reads a value that was replaced.
# claim: violation
# claim: x at n1 = 2
cluster quorum nodes=3 w=1 r=1 latency=10ms read-repair=off
@0s speed 1/10x
@0s c1 set x 1 via n1
@800ms chapter "One acknowledgement is enough to write"
@800ms speed 1/20x
@900ms link n1-n3 latency=200ms
@1s c1 set x 2 via n1
@1.03s note "c1 is told that it is done. The copy for n3 is still on its way."
@1.05s c2 get x via n3
@1.1s note "n3 answers 1 alone. With R + W > N one of those asked would have known better."
@1.5s show
