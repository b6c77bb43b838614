# Split brain: behind the cut n3 believes its backups dead and goes on alone, while they elect n2.
# Both answer clients. When the cut heals the later epoch counts, and what n3 took is gone.
cluster primary-backup replication=async seed=3 latency=10ms clients=3
@1s c1 set x before via n3
@2s partition n3 c1 | n1 n2 c2
@3s c1 set x of-n3 via n3
@3s c2 set x of-n2 via n2
@4s c1 get x via n3
@4s c2 get x via n2
@5s show
