# n1 is cut off and acknowledges a write that nobody else has.
cluster quorum nodes=3 latency=10ms hints=off
@0s   rule write-quorum off
@100ms c1 set x 1 via n1
@500ms partition n1 | n2 n3
@600ms c1 set x 2 via n1
@1s   c2 get x via n2
@3s   show
