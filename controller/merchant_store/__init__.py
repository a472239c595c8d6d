"""The app's merchants and the controller's ledger, in PostgreSQL."""
