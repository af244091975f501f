"""Checks of the whole repository, run by pytest-odoo through setup/test."""
