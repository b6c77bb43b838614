# n3 has missed that x was deleted. The others no longer know that it ever was.
cluster quorum nodes=3 latency=10ms hints=off
@0s   rule tombstone-kept off
@100ms c1 set x 1 via n1
@500ms isolate n3
@600ms c1 del x via n1
@1s   heal
@1.1s c2 get x via n3
@3s   show
