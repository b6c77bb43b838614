# title: Slow disk
# question: Does one slow disk make everybody slow?
# promise: The disk of n2 takes two seconds. A majority without n2 answers as fast as before.
# claim: x at n5 = 2
# claim: x at n1 = 2
# claim: x at n2 = 1
# claim: waiting = 0
cluster raft nodes=5 seed=42
@0s speed 1/10x
@50ms timeout n5
@500ms c1 set x 1
@900ms chapter "The disk of n2 becomes slow"
@900ms speed 1/20x
@950ms disk n2 2s
@1s c1 set x 2 via n5
@1.05s note "n2 promises nothing before its disk has it. Three others are enough."
@1.3s note "c1 has its answer. n2 will be two seconds late, and nobody waits for it."
@1.5s show
