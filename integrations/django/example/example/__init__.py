"""An example project: one page, six ways to give its users tokens for Seseragi."""
