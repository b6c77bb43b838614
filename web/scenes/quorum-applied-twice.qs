# title: Applied twice: a retry comes late
# question: Is it safe to ask again?
# promise: The first attempt waits at a paused node. Long after the retry it is carried out, over a newer value.
# claim: violation
cluster quorum nodes=4 n=3 latency=10ms
@0s speed 1/5x
@800ms chapter "n1 stops, and keeps a request"
@900ms pause n1
@1s c1 set x 1 via n1
@1.2s note "n1 does not answer: a long garbage collection, perhaps."
@1.9s note "c1 asked again elsewhere, and was answered. Then c2 writes 2."
@2s c2 set x 2 via n2
@3s c2 get x
@3.8s chapter "n1 goes on"
@3.8s speed 1/10x
@4s resume n1
@4.1s note "It carries out the old request, with a new time stamp."
@5s c2 get x
@5.1s note "c2's write is gone, and nobody wrote anything since."
@6s show
