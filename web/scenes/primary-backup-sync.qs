# title: Synchronous replication keeps its word
# question: What does it take not to lose the write?
# promise: The same crash with replication=sync: the answer waits for the backups, so the write survives.
# claim: not violation
# claim: x at n2 = 2
# claim: n3 is crashed
cluster primary-backup replication=sync seed=3 latency=10ms
@0s speed 1/10x
@1s c1 set x 1 via n3
@1.3s speed 1/2x
@1.9s chapter "A write, answered after its backups have it"
@1.9s speed 1/30x
@2s c1 set x 2 via n3
@2.02s note "n3 copies first, and answers after."
@2.1s crash n3
@2.1s note "n3 dies, after its promise was kept by the others."
@2.2s speed 1/5x
@3.8s chapter "c2 asks the next primary"
@4s c2 get x via n2
@4.5s show
