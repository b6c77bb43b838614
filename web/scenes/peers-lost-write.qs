# title: Lost write: answered before it was forwarded
# question: What is an answer worth before anybody else has the value?
# promise: n1 answers, its forwards are cut off, and it dies with the only copy.
# claim: violation
# claim: n1 is crashed
# claim: x at n2 = none
cluster peers seed=4 latency=10ms
@0s speed 1/2x
@900ms chapter "n1 takes a write alone"
@900ms speed 1/20x
@1s cut n1-n2
@1s cut n1-n3
@1.01s c1 set x 1 via n1
@1.04s note "c1 was told that it is done."
@1.05s crash n1
@1.1s heal
@1.15s note "n1 is dead, and with it the only copy."
@1.2s speed 1x
@5s c2 get x via n2
@5.1s note "n2 has never heard of x."
@7s show
