"""The house's own pages. `python -m scripts.build_pages` builds `built` from what is beside it."""
