# title: Read repair
# question: Can a read mend what it reads?
# promise: n3 missed a write. A read sees two versions, answers the newer, and brings n3 up to date.
# claim: x at n3 = 2
cluster quorum nodes=3 hints=off anti-entropy=off latency=10ms
@0s speed 1/10x
@0s c1 set x 1 via n1
@400ms isolate n3
@400ms chapter "n3 misses a write"
@500ms c1 set x 2 via n1
@1s heal
@1.2s note "The network is whole again, and n3 still holds x = 1. Nobody told it."
@1.4s chapter "A read through n3"
@1.4s speed 1/20x
@1.5s c2 get x via n3
@1.53s note "n3 asks a second node, sees a newer version, answers it, and keeps it."
@2s show
