"""The results document in words: from what the ledger keeps to sections, tables and facts."""
