# Three acknowledgements are needed. That of n2 arrives twice, and stands for n3, which is cut off.
cluster quorum nodes=3 r=1 w=3 latency=10ms hints=off
@0s   rule counted-once off
@100ms c1 set x 1 via n1
@400ms link n2>n1 duplicate=100%
@500ms isolate n3
@600ms c1 set x 2 via n1
@1s   heal n3-c2
@1s   c2 get x via n3
@3s   show
