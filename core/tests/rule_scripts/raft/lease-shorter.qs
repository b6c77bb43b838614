# n1 is cut off and believes in its lease for longer than the others wait.
cluster raft nodes=3 prevote=off latency=10ms reads=lease
@0s    rule lease-shorter off
@50ms  timeout n1
@100ms c1 set x 1 via n1
@300ms partition n1 | n2 n3
@460ms timeout n2
@520ms c1 set x 2 via n2
@600ms c2 get x via n1
@700ms show
