# n1 has a copy of x, which is a moment behind, and answers by itself.
cluster ring latency=10ms
@0s    rule owner-serves off
@100ms c1 set x 1 via n5
@500ms link n5>n1 latency=200ms
@600ms c1 set x 2 via n5
@650ms c2 get x via n1
@2s    show
