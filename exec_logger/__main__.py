"""`python -m exec_logger`: the same as `execlog`."""

from exec_logger.cli import main

main()
