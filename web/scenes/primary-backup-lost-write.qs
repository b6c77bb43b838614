# title: Lost write
# question: When is a write safe that was answered at once?
# promise: The primary answers before it copies, and dies. The next primary never heard of the write.
# claim: violation
# claim: x at n2 = kept
# claim: n3 is crashed
cluster primary-backup replication=async seed=3 latency=10ms
@0s speed 1/10x
@1s c1 set x kept via n3
@1.3s speed 1/2x
@1.9s chapter "n3 is cut off from its backups for 50 ms"
@1.9s speed 1/30x
@2s cut n3-n1
@2s cut n3-n2
@2.01s c1 set x lost via n3
@2.035s note "c1 was told that it is done. The only copy is at n3."
@2.05s crash n3
@2.05s heal
@2.06s note "n3 dies, and the write with it."
@2.2s speed 1/5x
@3.8s chapter "c2 asks the next primary"
@4s c2 get x via n2
@4.1s note "The value is the old one. Asynchronous replication trades safety for speed."
@4.5s show
