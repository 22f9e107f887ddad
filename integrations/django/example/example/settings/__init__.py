"""One module per variant. Each shows only what it needs beyond `base`."""
