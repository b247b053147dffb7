"""Run the command as ``python -m pkgraph``."""

from pkgraph.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
