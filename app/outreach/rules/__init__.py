"""What a channel may be, how its code looks, what is counted for it and who is shown how much of that."""
