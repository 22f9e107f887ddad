"""What the scripts of tests/peers share: real processes, raw wires, and one line per check."""
