"""The service's HTTP interface: typed calls that return domain values, and the errors they raise.

The only package that speaks HTTP. `client.AsyncOctomilClient` is for the
console, `sync_client.OctomilClient` for scripts.
"""
