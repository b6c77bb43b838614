# A request that is carried out twice: c1's first attempt waits at n1, which is paused; its retry
# succeeds elsewhere; then c2 writes. When n1 goes on, it carries out the old request with a new
# stamp, and c2's acknowledged write is gone.
cluster quorum nodes=4 n=3 latency=10ms
@0.9s pause n1
@1s   c1 set x 1 via n1
@2s   c2 set x 2 via n2
@3s   c2 get x
@4s   resume n1
@5s   c2 get x
@6s   show
