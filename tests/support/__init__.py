"""What the whole-suite tests stand on: server, mail servers, browser."""
