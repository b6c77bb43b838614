# title: Lease under clock skew
# question: And if the tail believes a wrong clock?
# promise: The clock of n3 is set back. By it the lease still holds, and n3 answers what was replaced.
# claim: violation
# claim: x at n3 = 1
# claim: x at n1 = 2
cluster chain latency=10ms retries=0
@0s speed 1/10x
@1s c1 set x 1
@1.4s chapter "n3: clock set back, and cut off"
@1.5s clock n3 -2s
@1.5s partition n3 c2 | n1 n2 n4 c1
@1.8s note "n3 is spliced out. By its own clock its lease lasts two seconds more."
@2.2s c1 set x 2 via n1
@2.4s chapter "c2 asks n3"
@2.5s c2 get x via n3
@2.6s note "n3 answers 1. Leases are only as good as clocks."
@3s show
