# n6 joins and owns d. The data of the former owner are on their way.
cluster ring latency=10ms
@0s    rule arrived-first off
@100ms c1 set d 1
@1s    network latency=500ms
@1s    add n6
@1s    link c2-n6 latency=10ms
@1.1s  c2 get d via n6
@3s    show
