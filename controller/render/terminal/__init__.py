"""Text for a terminal: coloured there, plain and stable where it is piped."""
