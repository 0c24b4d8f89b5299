"""Pages of bindings on the PC."""
