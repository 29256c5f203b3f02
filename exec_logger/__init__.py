"""The command line of exec_logger."""
