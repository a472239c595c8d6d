"""Speaking HTTP to somebody else's server, for every port that does.

Stands below the ports: `deploy_env` and `forge` differ in what they say, not in how a request is
sent, sent again, waited for, and its answer kept from showing a secret.
"""
