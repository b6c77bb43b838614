# The coordinator crashes, and nobody calls an election.
cluster election nodes=3 latency=10ms
@0s rule silence-calls off
@1s crash n3
@8s show
