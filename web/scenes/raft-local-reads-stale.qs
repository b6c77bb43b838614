# title: Stale read: reading from whoever is near
# question: May a server answer a read from its own copy?
# promise: With local reads, a server that is cut off answers with a value that was overwritten long ago.
# claim: violation
# claim: x at n2 = 1
# claim: x at n4 = 2
cluster raft seed=42 reads=local
@0s speed 1/5x
@500ms c1 set x 1
@900ms chapter "n2 and c1 are cut off"
@900ms speed 1/10x
@1s partition n2 c1 | n1 n3 n4 n5 c2
@1.1s note "The four go on: they are a majority."
@1.5s c2 set x 2 via n4
@1.8s speed 1/2x
@2.4s chapter "c1 reads from n2"
@2.4s speed 1/20x
@2.5s c1 get x via n2
@2.55s note "n2 answers 1 from its own copy. c2 had been told that x is 2: the read is stale."
@3s show
