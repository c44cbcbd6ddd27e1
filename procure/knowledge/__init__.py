"""What the network has learnt from answered requests, offered where the next officer gets stuck."""
