"""What can be done with accounts, factors, codes and keys. Each file is one of these."""
