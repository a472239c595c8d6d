"""One interface: where pull requests live. Statuses, one comment, pull requests, branches."""
