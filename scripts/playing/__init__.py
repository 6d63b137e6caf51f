"""The pieces of the demo: who lives in its city, what its clients do, and what can be seen and counted of it."""
