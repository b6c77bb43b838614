# n1 has missed the second write. It reads it at n2, and answers with its own.
cluster quorum nodes=3 latency=10ms hints=off
@0s   rule newest-wins off
@100ms c1 set x 1 via n2
@500ms isolate n1
@600ms c1 set x 2 via n2
@1s   heal
@1.1s c2 get x via n1
@3s   show
