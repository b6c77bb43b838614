# Without hints, read repair and anti-entropy nothing brings a replica what it has missed.
cluster quorum nodes=3 read-repair=off hints=off anti-entropy=off latency=10ms
@0s   c1 set x 1 via n1
@0.5s isolate n3
@1s   c1 set x 2 via n1
@1s   c2 set y 3 via n2
@1.5s heal
@2s   c2 get x via n3
@9s   show
