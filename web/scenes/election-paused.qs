# title: The coordinator sleeps
# question: Is a node that does not answer dead?
# promise: n5 pauses, n4 takes over, n5 wakes up and believes for a moment that it still leads.
# claim: leaders = 1
# claim: n5 is leader
cluster election nodes=5 seed=7
@0s speed 1/5x
@900ms chapter "n5 stops for 1.5 seconds"
@900ms speed 1/10x
@1s pause n5
@1.3s note "A long garbage collection looks like death."
@2s note "n4 leads. n5 knows nothing of it: for n5 no time has passed."
@2.4s chapter "n5 goes on"
@2.5s resume n5
@2.6s note "Two coordinators for a moment, until the higher one has its way."
@4s show
