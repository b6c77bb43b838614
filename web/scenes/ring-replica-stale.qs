# title: Stale read: a replica that missed a write
# question: Who answers when the owner of a key is down?
# promise: A replica missed the last write. The owner dies, and that replica answers the old value.
# claim: violation
# claim: n5 is crashed
# claim: x at n1 = 1
cluster ring latency=10ms
@0s speed 1/10x
@0s c1 set x 1
@150ms chapter "One replica misses a write"
@200ms cut n5>n1
@300ms c1 set x 2
@350ms note "n5 owns x. It answers first and copies after; the copy for n1 is lost."
@450ms chapter "The owner dies"
@500ms crash n5
@700ms speed 1/5x
@2s c1 get x
@2.1s note "c1 was told 2, and reads 1."
@2.5s show
