# title: Removed with its last write
# question: May a dead node be removed at once?
# promise: The owner acknowledged what no replica got, died, and is removed. c1 reads the value before.
# claim: violation
# claim: x at n1 = 1
cluster ring latency=10ms
@0s speed 1/10x
@0s c1 set x 1
@150ms chapter "Only n5 has the last write"
@200ms cut n5>n1
@200ms cut n5>n2
@300ms c1 set x 2
@400ms note "c1 was told 2. Both copies are lost on the way."
@500ms crash n5
@800ms chapter "n5 is removed while it is down"
@1s remove n5
@1.3s speed 1/2x
@5s c1 get x
@5.2s note "With n5 went the only copy of 2. Its disk still has it, and nobody will ever ask."
@6s show
