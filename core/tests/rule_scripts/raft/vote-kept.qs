# n3 has voted for n1 and hears of it as its leader. Then n2's late request for its vote arrives.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s
@0s    rule vote-kept off
@50ms  isolate n3
@50ms  timeout n1
@300ms restart n1
@300ms heal
@300ms link n1>n2 latency=100ms
@300ms link n2>n3 latency=40ms
@310ms timeout n1
@310ms timeout n2
@500ms show
