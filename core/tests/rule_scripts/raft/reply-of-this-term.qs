# n2's answers to n1 in term 1 are late. In term 2 they confirm that n1 leads, though n2 has replaced it.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule reply-of-this-term off
@50ms  timeout n1
@100ms c1 set x 1 via n1
@1s    link n2>n1 latency=1s
@1.1s  link n2>n1 latency=10ms
@1.1s  restart n1
@1.7s  timeout n1
@2.1s  partition n1 | n2 n3
@2.12s timeout n2
@2.2s  c1 set x 2 via n2
@2.3s  c2 get x via n1
@2.5s  show
