# title: A node joins the ring
# question: How much moves when a node joins?
# promise: n6 takes its places on the ring. Only the keys that fall into them move; all others stay.
# claim: n6 is up
# claim: up = 6
# claim: waiting = 0
cluster ring latency=10ms
@0s speed 1/10x
@100ms c1 set user1 Alice
@200ms c2 set user2 Bob
@300ms c1 set user3 Carol
@400ms c2 set user4 Dave
@800ms chapter "n6 joins"
@900ms add n6
@1.1s note "Consistent hashing: each node has places on the ring, and a key belongs to the next place."
@1.5s c1 get user1
@1.6s c2 get user3
@2s note "Clients ask as before, and find everything."
@2.5s show
