"""Everything of Chatwarden that moves: Market's API, the queue, storage, alerts, the command line."""
