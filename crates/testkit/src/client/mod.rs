//! Raw clients for every wire, over real connections.
