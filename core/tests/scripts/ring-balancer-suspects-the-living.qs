# The balancer believes its own health checks. Only its link to n5, the owner of x, is cut.
# Expected: it refuses c1's write, while c2 writes to the same owner through another node; and what
# it then reads for c1 comes from a replica.
cluster ring latency=10ms retries=0
@0s c1 set x 1
@200ms cut lb-n5
@1500ms c1 set x 2
@1600ms c2 set x 3 via n4
@2s c1 get x
@3s show
