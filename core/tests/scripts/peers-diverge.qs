# Two clients set one key at two servers at once. Both are told that it is done, each server refuses
# what the other forwards, and they differ for ever.
cluster peers seed=4
@1s c1 set x left via n1
@1s c2 set x right via n2
@60s show
