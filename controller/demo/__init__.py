"""An embedded PostgreSQL and a generated company, to try everything on."""
