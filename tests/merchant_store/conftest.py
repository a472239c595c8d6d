"""A shop a test: the app's own database, with and without Prisma's "MerchantConfig"."""

import pytest

from tests.merchant_store.builders import Shop


@pytest.fixture
def shop(prisma_database: str) -> Shop:
    """A company whose Prisma has made "MerchantConfig" already."""
    return Shop(prisma_database)


@pytest.fixture
def young_shop(database: str) -> Shop:
    """A company without "MerchantConfig"."""
    return Shop(database)
