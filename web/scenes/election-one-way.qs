# title: One-way cut
# question: What if the coordinator can hear and cannot speak?
# promise: Nothing that n5 sends arrives. The others elect n4, and n5 hears it and cannot object.
# claim: n4 is leader
# claim: n5 is up
cluster election nodes=5 seed=7
@0s speed 1/5x
@900ms chapter "Nothing gets out of n5"
@900ms speed 1/10x
@1s cut n5>n1
@1s cut n5>n2
@1s cut n5>n3
@1s cut n5>n4
@1.3s note "n5 hears everything. Its heartbeats are lost."
@2s note "For the others n5 is dead, and n4 leads."
@3s show
