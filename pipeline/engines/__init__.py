"""Translation engines: the contract, the registry, and the built-in engines."""
