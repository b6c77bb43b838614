# title: Majority lost and regained
# question: Is a cluster that lost its majority lost?
# promise: Three of five die, and everything stops. Two come back, and it goes on from their disks with nothing lost.
# claim: up = 4
# claim: leaders = 1
# claim: x at n1 = 2
# claim: waiting = 0
cluster raft nodes=5 seed=42 timeout=1s retries=10
@0s speed 1/5x
@50ms timeout n5
@500ms c1 set x 1
@800ms chapter "Three of five die"
@800ms speed 1/10x
@900ms crash n3
@900ms crash n4
@1s crash n5
@1.2s c1 set x 2
@1.3s note "n1 and n2 are healthy, and can do nothing: a majority of five is three."
@1.6s speed 1/2x
@2.4s chapter "n4 and n5 start again from their disks"
@2.4s speed 1/10x
@2.5s restart n4
@2.6s restart n5
@2.8s note "Four of five: a leader is elected, and c1 has its answer at last."
@5s show
