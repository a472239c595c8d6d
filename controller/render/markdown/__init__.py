"""Markdown as GitHub shows it: pull request comments, step summaries. One file a subject."""
