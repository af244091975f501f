"""What the commands in ``setup/`` share: building the environment and running Odoo in it."""
