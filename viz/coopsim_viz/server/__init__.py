"""The server of the viewer: one process, one port, one room, nothing from the network."""
