"""From YAML text to frozen values, with every problem and its place."""
