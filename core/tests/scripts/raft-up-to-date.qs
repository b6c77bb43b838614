# A server that votes for whatever log: n3 was cut off while x was written, n2 votes for it all the
# same, and the new leader lacks what is committed.
cluster raft nodes=3 prevote=off latency=10ms
@0s    rule up-to-date off
@50ms  timeout n1
@200ms isolate n3
@250ms c1 set x 1 via n1
@350ms crash n1
@350ms heal n3
@360ms timeout n3
@1s    show
