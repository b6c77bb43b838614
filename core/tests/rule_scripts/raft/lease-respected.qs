# n3 votes for n2 although it has just heard of n1, whose lease has not run out.
cluster raft nodes=3 prevote=off latency=10ms reads=lease
@0s    rule lease-respected off
@50ms  timeout n1
@100ms c1 set x 1 via n1
@300ms partition n1 | n2 n3
@301ms timeout n2
@325ms c1 set x 2 via n2
@380ms c2 get x via n1
@500ms show
