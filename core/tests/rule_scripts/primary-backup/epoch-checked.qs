# n2 has replaced n1, whose late update takes the place of n2's next one at n3.
cluster primary-backup failover=manual latency=10ms retries=0
@0s    rule epoch-checked off
@1s    c1 set x 1 via n1
@2s    link n1>n3 latency=1s
@2s    cut n1-n2
@2.01s c1 set x 2 via n1
@2.1s  crash n1
@2.2s  timeout n2
@3.5s  c2 set y 1 via n2
@20s   heal
@20s   restart n1
@40s   show
