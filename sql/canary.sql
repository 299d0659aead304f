-- Returns true, for the canary of each function that a person waits for: (alive). It reads no table and takes no lock.
select true as alive
