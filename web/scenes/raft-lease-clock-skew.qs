# title: Lease under clock skew
# question: What does a leader risk that trusts its clock?
# promise: A leader whose clock runs slow believes in its lease after another was elected, and answers an old value.
# claim: violation
# claim: leaders > 1
# claim: x at n5 = 1
cluster raft seed=42 reads=lease prevote=off latency=10ms
@0s speed 1/5x
@50ms timeout n5
@500ms c1 set x 1 via n5
@900ms chapter "The clock of n5 becomes ten times too slow"
@900ms speed 1/10x
@1s clock n5 x0.1
@1s note "A lease says: until then nobody else can be elected. But until when, by whose clock?"
@1.02s partition n5 c1 | n1 n2 n3 n4 c2
@1.1s note "n5 is cut off with c1. The others soon elect another leader."
@1.6s c2 set x 2 via n1
@1.85s chapter "c1 reads from n5"
@1.85s speed 1/20x
@1.9s c1 get x via n5
@1.95s note "By its own clock the lease of n5 still holds. It answers 1, and c2 was told 2."
@2.2s show
