"""What really happened to the merchants, as counts: the gate's eyes, on any engine."""
