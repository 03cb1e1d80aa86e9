"""What engines behind an HTTP interface share: client, errors, credentials."""
