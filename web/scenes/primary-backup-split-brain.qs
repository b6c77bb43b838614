# title: Split brain
# question: What if both sides of a cut have a primary?
# promise: Behind a cut both n3 and n2 take writes. When it heals, what one of them promised is gone.
# claim: violation
# claim: leaders = 1
# claim: x at n3 = of-n2
cluster primary-backup replication=async seed=3 latency=10ms clients=3
@0s speed 1/10x
@1s c1 set x before via n3
@1.3s speed 1/2x
@1.9s chapter "A cut: n3 here, its backups there"
@1.9s speed 1/10x
@2s partition n3 c1 | n1 n2 c2
@2.2s note "Silence looks like death from both sides. n3 goes on alone, the others elect n2."
@2.8s chapter "Two primaries"
@3s c1 set x of-n3 via n3
@3s c2 set x of-n2 via n2
@3.2s note "Both clients were told that it is done."
@4s c1 get x via n3
@4s c2 get x via n2
@4.4s chapter "The cut heals"
@4.5s heal
@5s note "The later epoch counts. What n3 promised to c1 is thrown away."
@6.5s show
