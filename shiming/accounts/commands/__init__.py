"""Commands of accounts, factors, codes and keys, one file each."""
