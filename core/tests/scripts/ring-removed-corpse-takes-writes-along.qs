# The owner of x (n5) is removed while it is down, after it acknowledged what no replica got.
# Expected: c1 reads 1 from the new owner after it was told that 2 is written.
cluster ring latency=10ms
@0s c1 set x 1
@200ms cut n5>n1
@200ms cut n5>n2
@300ms c1 set x 2
@500ms crash n5
@1s remove n5
@5s c1 get x
@6s show
