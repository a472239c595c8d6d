import numpy as np

from controller.demo.company.names import ERRORS, product_names, shop_domains, supplier_names
from controller.demo.company.runs import STAGES


def test_shop_domains_are_distinct_even_where_the_words_are_used_up():
    domains = shop_domains(30_000, np.random.default_rng(1))
    assert len(set(domains)) == 30_000
    assert any(domain.endswith("-2.myshopify.com") for domain in domains)


def test_every_stage_has_its_error():
    assert len(ERRORS) == len(STAGES) == 6


def test_no_name_needs_escaping_in_copy():
    names = [*product_names(), *supplier_names(500, np.random.default_rng(1)), *ERRORS]
    assert not any(set("\\\t\r\n") & set(name) for name in names)
