# title: Majorities alone are not enough
# question: Are overlapping majorities linearizable?
# promise: While a write is under way, c2 reads the new value, and after it c3 reads the old one.
# claim: violation
cluster quorum nodes=3 clients=3 latency=10ms
@0s speed 1/10x
@0s c1 set x 1 via n1
@850ms chapter "A write on slow links"
@850ms speed 1/30x
@900ms link n1>n2 latency=300ms
@900ms link n1>n3 latency=300ms
@1s c1 set x 2 via n1
@1.05s link n1>n3 latency=10ms
@1.06s c2 get x via n1
@1.1s note "c2 has read 2: the coordinator n1 holds it already."
@1.14s chapter "c3 asks two that do not"
@1.15s c3 get x via n2
@1.2s note "c3 reads 1, later than c2 read 2. A read would first have to write back what it saw."
@1.6s show
