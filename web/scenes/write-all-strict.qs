# title: A strict quorum refuses
# question: What does a quorum change?
# promise: With strict=on a write needs two acknowledgements. With two nodes dead it fails, and says so.
# claim: up = 1
# claim: not violation
cluster write-all strict=on w=2 r=2 retries=0
@0s speed 1/10x
@100ms c1 set x 1
@400ms chapter "Two of three die"
@500ms crash n1
@500ms crash n2
@600ms c1 set x 2
@700ms note "One acknowledgement comes. Two are needed."
@1.6s note "c1 is told that it failed: it may be on n3, and nothing is promised."
@2.4s show
