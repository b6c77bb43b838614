# title: Hinted handoff
# question: Who tells a node what it missed while it was down?
# promise: n3 is down while x is written. Another node keeps the write for it, and hands it over.
# claim: x at n3 = 2
# claim: up = 3
cluster quorum nodes=3 read-repair=off anti-entropy=off latency=10ms
@0s speed 1/10x
@100ms c1 set x 1 via n1
@400ms chapter "n3 is down while x is written"
@500ms crash n3
@600ms c1 set x 2 via n1
@700ms note "Two of three are enough. n1 keeps a hint: this write belongs to n3."
@1.3s chapter "n3 is back"
@1.4s restart n3
@1.6s note "The hint is handed over. n3 has x = 2 though nobody read it there."
@4s show
