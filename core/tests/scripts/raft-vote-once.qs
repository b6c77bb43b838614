# A server that votes twice in one term: n1 and n2 stand at once, n3 votes for both, and the term has
# two leaders.
cluster raft nodes=3 prevote=off latency=10ms
@0s   rule vote-once off
@50ms timeout n1
@50ms timeout n2
@1s   show
