# Replication is asynchronous: the owner of x (n5) answers before its replicas have the version, and
# sends it once. One replica misses it; when the owner is down, that replica answers.
# Expected: c1 reads 1 after it was told that 2 is written.
cluster ring latency=10ms
@0s c1 set x 1
@200ms cut n5>n1
@300ms c1 set x 2
@500ms crash n5
@2s c1 get x
@3s show
