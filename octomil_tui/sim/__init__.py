"""The embedded control plane: a service on loopback with a simulated fleet.

Importing this package loads nothing. Start a server in a child process with
`octomil_tui.sim.spawn.spawn`, or in this one with `octomil_tui.sim.server`.
"""
