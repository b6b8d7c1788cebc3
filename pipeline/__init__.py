"""How curated YAML becomes published tables: one module a stage, and not one word of the domain."""
