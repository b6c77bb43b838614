# title: Split vote
# question: What if two servers stand for election at the same moment?
# promise: Two candidates take two votes each of four. Nobody wins the term; the next one settles it.
# claim: leaders = 1
# claim: term > 1
# claim: n3 is up
cluster raft nodes=4 seed=3 prevote=off latency=10ms election=300ms..600ms
@0s speed 1/20x
@0s chapter "n1 and n2 stand at the same moment"
@0s link n1-n4 latency=40ms
@0s link n2-n3 latency=40ms
@50ms timeout n1
@50ms timeout n2
@60ms note "Each votes for itself; n3 hears n1 first, n4 hears n2 first: two votes each, and three are needed."
@150ms speed 1/5x
@200ms note "Nobody has a majority. Timers are random, so that one runs out before the others next time."
@1.5s note "A later term has one leader. Random timers end what no rule could."
@1.6s show
