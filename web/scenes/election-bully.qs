# title: The highest comes back
# question: Who leads when a stronger one returns?
# promise: n5 dies and n4 takes over. n5 returns, and takes the lead back at once: it is a bully.
# claim: n5 is leader
# claim: leaders = 1
# claim: up = 5
cluster election nodes=5 seed=7
@0s speed 1/5x
@900ms chapter "n5 dies"
@900ms speed 1/10x
@1s crash n5
@1.3s note "Whoever misses it first asks all that are higher. n4 hears nobody above, and leads."
@1.9s chapter "n5 comes back"
@2s restart n5
@2.1s note "n5 is the highest. It says so, and n4 follows."
@3s show
