# n1 has missed the second write, and answers first.
cluster write-all latency=10ms
@0s    rule newest-answer off
@0s    link c2-n1 latency=1ms
@100ms c1 set x 1
@500ms cut c1-n1
@600ms c1 set x 2
@3s    c2 get x
@5s    show
