# title: Torn log
# question: What if the last record on a disk is half a record?
# promise: n2 dies while its log is torn. It cuts off the torn end, and its leader sends what is missing.
# claim: x at n2 = 3
# claim: up = 5
cluster raft nodes=5 seed=42
@0s speed 1/10x
@50ms timeout n5
@500ms c1 set x 1
@600ms c1 set x 2
@900ms chapter "n2 dies, and the end of its log is torn"
@900ms speed 1/20x
@1s crash n2
@1s corrupt n2
@1.1s note "A checksum shows that the last record is not whole. Half a record is no record."
@1.2s c1 set x 3
@1.5s chapter "n2 starts again"
@1.5s restart n2
@1.7s note "The leader finds where the logs agree, and sends the rest again."
@2.2s show
