"""What follows from a rule."""
