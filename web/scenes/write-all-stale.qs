# title: Stale read: asked the wrong one
# question: What if only one node answers, and it is the one that missed the write?
# promise: n3 missed a write. c2 reaches n3 alone, and reads what was replaced.
# claim: violation
# claim: x at n3 = 1
# claim: x at n1 = 2
cluster write-all
@0s speed 1/10x
@100ms c1 set x 1
@400ms chapter "n3 misses a write"
@500ms cut c1-n3
@600ms c1 set x 2
@1.1s chapter "c2 reaches n3 alone"
@1.2s cut c2-n1
@1.2s cut c2-n2
@1.3s c2 get x
@1.6s note "n3 answers 1. Nothing tells c2 that two answers are missing."
@2.4s show
