"""The only room with effects: git, processes, workspaces, helmfile, helm."""
