# title: A vote for an old log
# question: Why may only an up-to-date server become leader?
# promise: With the rule broken, a server that missed a committed write is elected, and the write is gone.
# claim: violation
# claim: n3 is leader
# claim: x at n3 = none
cluster raft nodes=3 prevote=off latency=10ms
@0s speed 1/10x
@0s rule up-to-date off
@50ms timeout n1
@150ms chapter "n3 misses what is committed"
@150ms speed 1/20x
@200ms isolate n3
@250ms c1 set x 1 via n1
@300ms note "x = 1 is on n1 and n2: a majority, and c1 was told so."
@350ms crash n1
@350ms heal n3
@355ms chapter "n3 stands, with the shorter log"
@360ms timeout n3
@380ms note "n2 votes for it all the same. The new leader never heard of x."
@700ms c2 get x via n3
@1s show
