# n3 answers at once and dies before its update has left for the others.
cluster primary-backup seed=3 latency=10ms
@0s    rule answer-after-backups off
@1s    c1 set x kept via n3
@2s    cut n3>n1
@2s    cut n3>n2
@2.01s c1 set x lost via n3
@2.05s crash n3
@2.05s heal
@4s    c2 get x via n2
@5s    show
