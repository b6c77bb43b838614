# n3's vote for n1 in term 1 is late. In term 2 n3 votes for n2, and then the old vote reaches n1.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule vote-of-this-term off
@0s    cut n1-n2
@0s    link n3>n1 latency=100ms
@50ms  timeout n1
@51ms  timeout n2
@90ms  cut n1>n3
@100ms timeout n1
@100ms timeout n2
@300ms show
