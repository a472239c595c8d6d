"""Deploy environments: where a flag's global value lives."""
