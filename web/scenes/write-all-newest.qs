# title: The newest of what comes
# question: How does a reader find the newest value?
# promise: n3 missed a write. The client asks all three and takes the value with the highest time stamp.
# claim: name at n1 = Ada
# claim: name at n3 = Cody
# claim: not violation
cluster write-all
@0s speed 1/10x
@100ms c1 set name Cody
@400ms c2 get name
@700ms chapter "n3 misses a write"
@800ms cut c1-n3
@900ms c1 set name Ada
@1.2s note "n3 holds Cody, the others Ada."
@1.6s c2 get name
@1.9s note "c2 got all three answers, and takes the newest."
@2.4s show
