"""What the estimates are worth: made-up worlds where the truth is known (method.md section 2)."""
