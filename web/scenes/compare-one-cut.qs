# title: One cut, three systems
# question: The same cut, the same clients: who answers, and who is right?
# promise: Raft, quorums and asynchronous primary-backup are cut at the same moment. Each gives up something else.
# claim: 1: c1 waiting > 1s
# claim: 1: not violation
# claim: 3: leaders > 1
# claim: 3: violation
# claim: 2: not violation
cluster raft nodes=5 seed=42 latency=10ms timeout=10s
cluster quorum nodes=5 latency=10ms timeout=10s
cluster primary-backup nodes=5 latency=10ms timeout=10s replication=async
@0s speed 1/5x
@0s chapter "Three systems, five nodes, the same two clients"
@50ms timeout n5
@600ms c1 set x 1 via n5
@1.3s chapter "The cut: n4, n5 and c1 here, n1, n2, n3 and c2 there"
@1.3s speed 1/10x
@1.4s partition n4 n5 c1 | n1 n2 n3 c2
@1.6s note "n5 led in two of the three. Who may go on, and who does?"
@1.9s speed 1/5x
@2.2s chapter "Both clients write"
@2.2s speed 1/10x
@2.3s c1 set x 2 via n5
@2.3s c2 set x 3 via n3
@2.5s note "Raft and quorums: c1 waits, for its side is a minority. Primary-backup: both are told \"done\"."
@3s speed 1/2x
@3.6s c2 get x via n3
@3.9s c1 get x via n5
@4.1s note "Raft and quorums gave up an answer. Primary-backup gave up the truth: c2 reads 3, then c1 reads 2."
@4.5s show
