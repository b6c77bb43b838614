# title: A tail that is cut off refuses
# question: May a tail answer that nobody hears?
# promise: n3 is cut off with c2. Its lease runs out, and it refuses to read rather than answer an old value.
# claim: not violation
# claim: x at n3 = 1
# claim: x at n1 = 2
cluster chain latency=10ms retries=0
@0s speed 1/10x
@1s c1 set x 1
@1.4s chapter "The tail is cut off"
@1.5s partition n3 c2 | n1 n2 n4 c1
@1.8s note "The configurator splices n3 out, and n2 is the tail. n3 cannot be told."
@2s c1 set x 2 via n1
@2.2s chapter "c2 asks n3"
@2.3s c2 get x via n3
@2.5s note "Its lease has run out, so n3 refuses: it may have been spliced out."
@3s show
