# title: Kept in memory only
# question: Where should a node keep what it owes to another?
# promise: n1 keeps a write for n3 in memory and dies. n3 comes back and never learns of it.
# claim: x at n2 = 1
# claim: x at n3 = none
cluster peers seed=4
@0s speed 1x
@900ms chapter "n3 is cut off"
@1s isolate n3
@8.5s note "n1 believes n3 dead by now, and keeps what n3 is to be told."
@9s c1 set x 1 via n1
@9s speed 1/10x
@9.5s speed 1x
@9.8s chapter "n1 dies before n3 is back"
@10s crash n1
@11s heal
@12s note "n2 has x, n3 has not. What n1 owed to n3 was in its memory."
@12s speed 5x
@40s show
