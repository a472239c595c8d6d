"""Git: which revision this is, and which came before."""
