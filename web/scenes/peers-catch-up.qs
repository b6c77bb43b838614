# title: Back after a cut
# question: What does a server get that was cut off and lived?
# promise: n2 missed an update. n1 kept it, and sends it when n2 answers again.
# claim: x at n2 = 2
# claim: x at n3 = 2
cluster peers seed=4
@0s speed 1x
@1s c1 set x 1 via n1
@1.8s chapter "n2 is cut off"
@2s isolate n2
@9s note "n1 has not heard n2 for a while, and believes it dead."
@12s c1 upd x 2 via n1
@12.5s chapter "The cut heals"
@13s heal
@13.5s speed 2x
@20s note "With the next heartbeat n2 is alive again, and gets what it missed."
@30s show
