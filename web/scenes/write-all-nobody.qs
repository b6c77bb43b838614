# title: Done, says the client, and nobody has it
# question: What does "success" mean without a quorum?
# promise: All three nodes are dead. The client writes, waits for whoever answers, and calls it done.
# claim: up = 0
# claim: waiting = 0
cluster write-all
@0s speed 1/10x
@0s note "This client writes to all three and takes what comes. It asks for no quorum."
@100ms crash n1
@100ms crash n2
@100ms crash n3
@150ms chapter "c1 writes to three dead nodes"
@200ms c1 set x 1
@900ms note "Nobody answered. c1 counts its request as done all the same."
@1.2s c2 get x
@2.4s note "c2 reads nothing, and calls that a success too."
@2.5s show
