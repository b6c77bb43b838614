# title: Two writes at once
# question: What if two servers take a write of one key at the same time?
# promise: Both answer "done", each refuses what the other forwards, and they differ for ever.
# claim: violation
# claim: x at n1 = left
# claim: x at n2 = right
cluster peers seed=4
@0s speed 1/2x
@800ms chapter "left at n1, right at n2"
@800ms speed 1/20x
@1s c1 set x left via n1
@1s c2 set x right via n2
@1.1s note "Each server has answered, and forwards what it took. The other has something else already."
@1.3s speed 2x
@3s c1 get x via n2
@3s c2 get x via n1
@8s note "n1 says left, n2 says right. Nothing will ever bring them together."
@10s show
