# The followers' answers are late, and n1 counts its lease from when they arrive.
cluster raft nodes=3 prevote=off latency=10ms reads=lease
@0s    rule lease-from-sending off
@50ms  timeout n1
@100ms c1 set x 1 via n1
@260ms link n2>n1 latency=250ms
@260ms link n3>n1 latency=250ms
@300ms cut n1>n2
@300ms cut n1>n3
@450ms timeout n2
@490ms c1 set x 2 via n2
@560ms c2 get x via n1
@650ms show
