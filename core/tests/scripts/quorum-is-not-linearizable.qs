# Majorities alone make a regular register, not an atomic one: while c1's write is on its way from
# n1, c2 reads the new value through n1, and after that c3 reads the old one through n2 and n3.
cluster quorum nodes=3 clients=3 latency=10ms
@0s    c1 set x 1 via n1
@0.9s  link n1>n2 latency=300ms
@0.9s  link n1>n3 latency=300ms
@1s    c1 set x 2 via n1
@1.05s link n1>n3 latency=10ms
@1.06s c2 get x via n1
@1.15s c3 get x via n2
@3s    show
