# title: A wiped owner answers for itself
# question: Do replicas help when a disk is gone?
# promise: The disk of the owner is emptied. It is back and answers "no such key", though two nodes hold copies.
# claim: x at n5 = none
# claim: x at n1 = 1
# claim: violation
cluster ring latency=10ms
@0s speed 1/10x
@0s c1 set x 1
@800ms chapter "The disk of n5 is emptied"
@1s wipe n5
@1.3s speed 1/2x
@2s restart n5
@2.2s note "n5 starts again from its disk: there is nothing on it, and nobody is asked."
@2.8s chapter "c1 asks for x"
@2.8s speed 1/10x
@3s c1 get x
@3.2s note "Copies are no use to anybody who does not ask for them."
@3.5s show
