"""Tree -> components and findings: what is here."""
