"""One module per command of ``setup/``; each has ``main(argv) -> exit status``."""
