"""How the versions of the models do on the devices: errors, crashes, latency, quality, memory."""
