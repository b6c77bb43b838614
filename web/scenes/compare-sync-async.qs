# title: Synchronous beside asynchronous
# question: What does the answer wait for, and what is lost if it does not?
# promise: The same primary dies at the same moment. One system kept its promise, the other lost a write.
# claim: 1: not violation
# claim: 2: violation
# claim: 1: x at n2 = 2
# claim: 2: x at n2 = 1
cluster primary-backup replication=sync seed=3 latency=10ms
cluster primary-backup replication=async latency=10ms
@0s speed 1/10x
@1s c1 set x 1 via n3
@1.3s speed 1/2x
@1.9s chapter "A write, and a crash 25 ms later"
@1.9s speed 1/50x
@1.99s cut n3-n1
@1.99s cut n3-n2
@2s c1 set x 2 via n3
@2.02s note "Asynchronous: answered at once. Synchronous: nobody has acknowledged, so c1 waits."
@2.025s crash n3
@2.03s heal
@2.1s speed 1/5x
@3.8s chapter "c2 asks the next primary"
@4s c2 get x via n2
@4.3s note "c1 asked again where it had no answer. Where it had one, the write is gone."
@5s show
