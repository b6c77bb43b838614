# n2 acknowledges x before its disk has it, and crashes. n2 and n3 then answer that there is none.
cluster quorum nodes=3 latency=10ms hints=off
@0s   rule durable-write off
@0s   isolate n3
@0s   disk n2 500ms
@100ms c1 set x 1 via n1
@200ms restart n2
@200ms heal
@200ms isolate n1
@300ms c2 get x via n3
@3s   show
