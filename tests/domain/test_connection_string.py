"""An address as Prisma has it loses what only Prisma understands, and nothing else."""

import pytest

from controller.domain.connection_string import without_password, without_prisma


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


@pytest.mark.parametrize(
    "address",
    ["postgresql://u:to/rn@h/d", "postgresql://u:to@rn@h/d", "postgresql://h:1,g:torn/d"],
)
def test_a_password_that_was_not_encoded_is_not_taken_for_a_host_or_a_port(address):
    with pytest.raises(ValueError, match="Invalid host or port"):
        without_prisma(address)


@pytest.mark.parametrize(
    "address", ["postgresql://u:p@[::1]:5432/d", "postgresql://h:1,g:2/d", "postgresql://[::1]/d"]
)
def test_several_hosts_and_addresses_in_brackets_stay(address):
    assert without_prisma(address) == address


def test_a_password_is_blotted_out_in_whatever_spelling():
    said = "no: a+b/c d, a%2Bb%2Fc%20d, a%2Bb/c%20d, a%2Bb%2Fc+d"
    assert without_password(said, "a+b/c d") == "no: ***, ***, ***, ***"
    assert without_password("no", "") == "no"
