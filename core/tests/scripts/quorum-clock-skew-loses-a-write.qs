# An acknowledged write is lost: n2's clock is a second behind, so what c2 writes through it looks
# older than what c1 wrote before, and every replica drops it.
cluster quorum nodes=3 latency=10ms
@5s   clock n2 -1s
@6s   c1 set x old via n1
@6.5s c2 set x new via n2
@7s   c1 get x via n1
@8s   show
