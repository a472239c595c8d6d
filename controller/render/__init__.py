"""What people and machines see: one file a format. Nothing here decides anything."""
