# A read finds that n3 lacks x. Its repair is late, and undoes a newer write that n3 has acknowledged.
cluster quorum nodes=3 latency=10ms hints=off
@0s     rule repair-newer off
@100ms  isolate n3
@200ms  c1 set x 1 via n1
@1s     heal
@1.1s   c2 get x via n1
@1.115s link n1>n3 latency=1s
@1.2s   link n1>n3 latency=10ms
@1.3s   crash n1
@1.4s   c1 set x 2 via n2
@2.5s   restart n1
@2.5s   isolate n2
@2.6s   c2 get x via n3
@4s     show
