# What n1 keeps for n3, which it believes dead, is in its memory only. It dies before n3 is back, and
# n3 never learns what a client was told is done, though n2 knows it.
cluster peers seed=4
@1s isolate n3
@9s c1 set x 1 via n1
@10s crash n1
@11s heal
@60s show
