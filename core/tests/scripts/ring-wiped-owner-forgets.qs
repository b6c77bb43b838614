# Nobody asks the replicas when the owner of a key is up: recovery is checkpoint and log only.
# Expected: after its disk is gone, the owner knows no x, though two nodes hold copies of it.
cluster ring latency=10ms
@0s c1 set x 1
@1s wipe n5
@2s restart n5
@3s c1 get x
@4s show
