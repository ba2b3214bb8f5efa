"""What stands behind ./spoc: set-up, running, testing. Standard library only."""
