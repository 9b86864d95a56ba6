"""The demo site: a few invented outlets, served on loopback by virtual host."""
