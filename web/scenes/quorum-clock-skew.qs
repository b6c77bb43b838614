# title: Lost write: a clock is behind
# question: What is last in "last write wins"?
# promise: The clock of n2 is a second behind. What c2 writes through it looks old, and is dropped everywhere.
# claim: violation
# claim: x at n1 = old
# claim: x at n3 = old
cluster quorum nodes=3 latency=10ms
@0s speed 1x
@4.8s chapter "n2's clock jumps back by a second"
@4.8s speed 1/5x
@5s clock n2 -1s
@5.9s speed 1/20x
@6s c1 set x old via n1
@6.3s chapter "c2 writes through n2, later"
@6.5s c2 set x new via n2
@6.54s note "Every replica compares time stamps. By them, new is older than old."
@6.7s note "c2 was told that its write is done. No replica has it."
@7s c1 get x via n1
@7.3s show
