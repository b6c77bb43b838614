# c2 reads at n3 what no backup has. n3 dies, and the value was never there.
cluster primary-backup seed=3 latency=10ms retries=0
@0s    rule read-after-backups off
@1s    c1 set x kept via n3
@2s    cut n3>n1
@2s    cut n3>n2
@2.01s c1 set x lost via n3
@2.02s c2 get x via n3
@2.05s crash n3
@2.05s heal
@4s    c2 get x via n2
@5s    show
