# title: The middle of the chain dies
# question: What happens to a write that is in the chain when a link breaks?
# promise: n2 dies. The configurator splices it out, n1 sends again to n3, and nothing is lost.
# claim: x at n1 = 12
# claim: x at n3 = 12
# claim: not violation
cluster chain latency=10ms
@0s speed 1/10x
@500ms c1 set x 1
@1.1s chapter "n2 dies"
@1.2s crash n2
@1.3s c1 append x 2
@1.35s note "n1 has the write, and nobody to pass it to."
@1.7s note "n4, the configurator, hears nothing of n2 and splices it out: n1 and n3 are neighbours now."
@2.4s chapter "n2 comes back"
@2.5s restart n2
@2.8s note "It joins as the new tail, and gets everything from n3 first."
@3s c2 get x via n2
@4s show
