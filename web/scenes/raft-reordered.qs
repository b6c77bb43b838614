# title: Messages reordered
# question: What if messages overtake each other?
# promise: A third of all messages is held back. Raft matches terms and positions, not the order of arrival.
# claim: not violation
# claim: leaders = 1
cluster raft nodes=5 seed=7 reorder=30% duplicate=5%
@0s speed 1/10x
@50ms timeout n5
@300ms chapter "Messages overtake each other"
@300ms note "Whoever receives an old message sees by its term and position that it is old."
@500ms workload rate=20/s reads=50% keys=1
@2s note "Some arrive twice, some late. What clients were told is still one order that all agree on."
@4s show
