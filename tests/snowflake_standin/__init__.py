"""A Snowflake stand-in for tests: fakesnow's server, stricter and fuller. See README.md."""
