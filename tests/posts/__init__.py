"""Every form of the portal, as its pages show it, and bad input to send with it (J1)."""
