"""One module a warehouse: how its driver connects, binds and fails."""
