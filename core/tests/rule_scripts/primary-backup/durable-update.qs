# The backups acknowledge x before their disks have it, and crash. So does the primary.
cluster primary-backup latency=10ms
@0s    rule durable-update off
@1s    c1 set x 1 via n3
@2s    disk n1 100ms
@2s    disk n2 100ms
@2.01s c1 set x 2 via n3
@2.08s crash n3
@2.08s restart n1
@2.08s restart n2
@5s    c2 get x via n2
@6s    show
