# title: The leader dies
# question: How long is nobody in charge when the leader dies, and is anything lost?
# promise: n5 crashes. A new leader stands up within a few hundred milliseconds, and every answered write is there.
# claim: n5 is crashed
# claim: leaders = 1
# claim: x at n1 = 2
# claim: x at n2 = 2
cluster raft nodes=5 seed=42
@0s speed 1/10x
@50ms timeout n5
@500ms c1 set x 1
@700ms chapter "n5 leads, and x is 1 on all five"
@700ms speed 1/20x
@800ms crash n5
@800ms note "n5 dies. The others know nothing of it yet: they only stop hearing heartbeats."
@900ms c1 set x 2
@1s note "c1 asks while nobody leads. Its request waits or is tried again."
@2s note "A new leader was elected by a majority, and c1 has its answer. x = 1 was never in danger."
@2.2s show
