# title: One-way cut
# question: What if the leader can speak and cannot hear?
# promise: Messages from n5 arrive, messages to n5 do not. It notices that no majority answers, and gives up.
# claim: not n5 is leader
# claim: leaders = 1
# claim: x at n1 = 2
cluster raft nodes=5 seed=42 check-quorum=on
@0s speed 1/10x
@50ms timeout n5
@500ms c1 set x 1
@800ms chapter "Nothing gets to n5 any more"
@800ms speed 1/20x
@900ms cut n1>n5
@900ms cut n2>n5
@900ms cut n3>n5
@900ms cut n4>n5
@1s note "The others still hear heartbeats of n5, and so none of them stands for election."
@1.3s speed 1/10x
@1.5s note "n5 hears of no majority and steps down; only then the others can elect another leader."
@2.5s c2 set x 2 via n1
@4s show
