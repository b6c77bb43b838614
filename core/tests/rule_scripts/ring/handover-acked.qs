# n5 leaves while it is cut off. It sends its data once.
cluster ring replicas=1 latency=10ms
@0s    rule handover-acked off
@100ms c1 set x 1
@1s    isolate n5
@1.1s  remove n5
@2s    heal
@10s   c2 get x
@20s   show
