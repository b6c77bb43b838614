# title: A removed server comes back
# question: What happens when a server returns that was removed while it was down?
# promise: n5 was removed while it was dead. It comes back, asks for votes, and nobody lets it disturb them.
# claim: leaders = 1
# claim: not n5 is leader
# claim: x at n1 = 2
cluster raft nodes=5 seed=42
@0s speed 1/5x
@50ms timeout n4
@500ms c1 set x 1
@700ms chapter "n5 dies, and is removed"
@700ms speed 1/10x
@800ms crash n5
@1s remove n5
@1.3s note "Four are members now. n5 could not be told."
@1.5s c1 set x 2
@1.9s chapter "n5 comes back"
@2s restart n5
@2.2s note "By its own disk it is still one of five. It hears no leader, and asks whether it could win."
@2.8s note "The others hear their leader, and refuse even to consider it: this is what pre-votes are for."
@4s show
