"""An address as Prisma has it loses what only Prisma understands, and nothing else."""

import pytest

from controller.domain.connection_string import without_prisma


def test_settings_of_prismas_pool_go_and_all_others_stay():
    address = "postgresql://u:p%40ss@h:6432/d?schema=public&pgbouncer=true&sslmode=require"
    assert without_prisma(address) == "postgresql://u:p%40ss@h:6432/d?sslmode=require"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u@h/d",
        "postgresql://u@/d?host=%2Frun%2Fa%20b&application_name=",
        "host=h dbname=d schema=x",
        "",
    ],
)
def test_other_spellings_stay(address):
    assert without_prisma(address) == address


def test_what_is_no_address_is_refused():
    with pytest.raises(ValueError, match="Invalid IPv6"):
        without_prisma("postgresql://u@[h/d?schema=public")
