"""The dashboard: one page of HTML with its style and its pictures in it. One file a subject."""
