"""Fixtures and markers of the repository's tests.

Traps of tests outside an add-on: a TransactionCase subclass needs
``@tagged("post_install", "-at_install", "standard")``; a model class needs
``_module = "crm_lifecycle"``.
"""

import pytest

from tests.support.environment import Environment


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: runs only with setup/test --slow")


@pytest.fixture(scope="session")
def environment():
    """Databases and Odoo processes; what a test leaves behind goes with the session."""
    current = Environment.current()
    yield current
    current.drop_created()


@pytest.fixture
def setup_odoo(environment):
    """The path of ``setup/odoo``."""
    return environment.setup_odoo


@pytest.fixture
def database(environment, request):
    """A copy of the full database for one test."""
    name = environment.create_database(f"t{abs(hash(request.node.nodeid)) % 10**8}")
    yield name
    environment.drop_database(name)


@pytest.fixture
def copies(environment, base):
    """Make copies of the module's ``base``, by name, that go with the test."""
    made = []

    def copy(name):
        made.append(environment.create_database(f"copy_{name}", template=base))
        return made[-1]

    yield copy
    for database in made:
        environment.drop_database(database)
