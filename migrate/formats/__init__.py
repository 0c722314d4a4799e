"""bytes -> located nodes, one file a syntax. The only home of ruamel.yaml and libcst."""
