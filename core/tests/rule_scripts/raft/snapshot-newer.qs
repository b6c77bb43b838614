# A snapshot reaches n3 a second time, when it has long gone on.
cluster raft nodes=3 prevote=off latency=10ms election=10s..20s snapshot=2
@0s    rule snapshot-newer off
@50ms  timeout n1
@150ms isolate n3
@200ms c1 set x 1 via n1
@250ms c1 set x 2 via n1
@300ms c1 set x 3 via n1
@350ms c1 set x 4 via n1
@400ms heal
@445ms duplicate m51
@446ms delay m52 300ms
@500ms c1 set x 5 via n1
@550ms c1 set x 6 via n1
@600ms c1 set x 7 via n1
@1s    show
