# title: Two votes in one term
# question: Why may a server vote only once in a term?
# promise: With the rule broken, n3 votes for both candidates, and one term has two leaders.
# claim: leaders > 1
# claim: violation
cluster raft nodes=3 prevote=off latency=10ms
@0s speed 1/20x
@0s rule vote-once off
@0s chapter "The rule: one vote a term. Here it is broken"
@50ms timeout n1
@50ms timeout n2
@55ms note "n1 and n2 stand at once. n3 is asked by both."
@80ms note "n3 said yes twice. Two leaders in one term: everything that Raft promises rests on this never happening."
@500ms show
