"""From where goods come: how far it is, who may ship, which plan is tried, how a request goes."""
