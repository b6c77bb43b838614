# title: Slow link: the primary waits
# question: What does a synchronous write cost when one backup is far away?
# promise: The link to n1 takes 60 ms each way. Every write waits for it: the slowest backup sets the pace.
# claim: c1 waiting > 80ms
# claim: x at n2 = 2
# claim: n1 is up
cluster primary-backup replication=sync seed=3 latency=10ms timeout=5s
@0s speed 1/10x
@1s c1 set x 1 via n3
@1.3s speed 1/2x
@1.9s chapter "The link to n1 becomes slow"
@1.9s speed 1/20x
@1.92s link n1-n3 latency=60ms
@2s c1 set x 2 via n3
@2.05s note "n2 has acknowledged long ago. n1 has not, so c1 waits: the slowest backup sets the pace."
@2.11s show
