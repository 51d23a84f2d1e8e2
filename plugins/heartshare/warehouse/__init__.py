"""Open, publish and guard the DuckDB files."""
