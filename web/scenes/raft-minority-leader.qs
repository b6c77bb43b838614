# title: Minority leader
# question: What is the word of a leader worth that most cannot hear?
# promise: A cut leaves the leader with two of five servers. It takes a write that it can never promise.
# claim: leaders > 1
# claim: x at n2 = 3
# claim: x at n5 = 1
# claim: c1 waiting > 1s
cluster raft nodes=5 seed=42 timeout=10s
@0s speed 1/10x
@0s chapter "Five servers elect n5"
@50ms timeout n5
@400ms note "n5 leads. What c1 writes is copied to a majority before c1 hears that it is done."
@500ms c1 set x 1 via n5
@700ms speed 1/2x
@1900ms chapter "A cut: n5 and n1 here, the others there"
@1900ms speed 1/20x
@2s partition n1 n5 c1 | n2 n3 n4 c2
@2.05s note "n5 still believes that it leads. It needs 3 of 5, and reaches 2."
@2.1s c1 set x 2 via n5
@2.2s speed 1/5x
@2.9s chapter "Who can still elect a leader?"
@2.9s note "The three can: three of five are a majority."
@3s c2 set x 3 via n2
@3s speed 1/20x
@3.3s note "c2 is answered. c1 waits: its write is on two servers, and that is no promise."
@4s show
