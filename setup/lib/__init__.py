"""What the commands in ``setup/`` share: building the environment, running Odoo."""
