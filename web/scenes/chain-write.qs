# title: A write goes down the chain
# question: Why does the tail answer?
# promise: A write goes from head to tail. What has reached the tail is on every node, so the tail may answer.
# claim: x at n1 = 2
# claim: x at n2 = 2
# claim: x at n3 = 2
cluster chain latency=10ms
@0s speed 1/10x
@400ms chapter "c1 writes to the head"
@400ms speed 1/30x
@500ms c1 set x 1
@530ms note "n1 keeps it and passes it on; so does n2."
@560ms note "The tail n3 has it: everybody has it. It is committed."
@700ms speed 1/10x
@900ms c2 get x
@1s c1 set x 2
@1.5s show
