# n3 is cut off, has missed the second write, and answers alone.
cluster quorum nodes=3 latency=10ms hints=off
@0s   rule read-quorum off
@100ms c1 set x 1 via n1
@500ms partition n1 n2 | n3
@600ms c1 set x 2 via n1
@1s   c2 get x via n3
@3s   show
