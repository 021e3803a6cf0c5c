"""The parents' and the youth's pages."""
