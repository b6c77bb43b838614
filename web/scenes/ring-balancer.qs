# title: One-way view: the balancer is wrong
# question: Who decides that a node is dead?
# promise: Only the link from the balancer to n5 is cut. It takes n5 for dead, while c2 writes to it.
# claim: x at n5 = 3
# claim: n5 is up
cluster ring latency=10ms retries=0
@0s speed 1/10x
@0s c1 set x 1
@150ms chapter "The balancer cannot reach n5"
@200ms cut lb-n5
@400ms note "Its health checks fail. By its own eyes n5 is dead."
@600ms speed 1/5x
@1500ms c1 set x 2
@1600ms c2 set x 3 via n4
@1.8s note "c1 is refused, c2 is not: it asks the same owner another way."
@2s c1 get x
@3s show
