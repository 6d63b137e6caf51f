"""Pure decisions about figures: what stands out, who hears of it, and what is taken along."""
