# Two coordinators: the bully election is safe only where messages arrive in time.
# n4 cannot know that n5 lives on behind the cut, and neither is wrong.
cluster election nodes=5 seed=7
@1s partition n1 n2 n5 | n3 n4
@3s show
