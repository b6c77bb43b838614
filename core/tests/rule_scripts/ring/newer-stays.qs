# The first version of x reaches n1 after the second.
cluster ring latency=10ms
@0s    rule newer-stays off
@0s    link n5>n1 latency=500ms
@10ms  c1 set x 1 via n5
@100ms link n5>n1 latency=10ms
@110ms c1 set x 2 via n5
@20s   show
