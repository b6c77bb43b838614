# A partition made two coordinators. It has healed, and neither gives up.
cluster election nodes=3 latency=10ms
@0s rule step-down off
@1s isolate n3
@4s heal
@8s show
