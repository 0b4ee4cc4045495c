"""The estimators keep scikit-learn's contract, checked by scikit-learn itself."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.utils.estimator_checks import parametrize_with_checks

from triage.classifier import LabelHeads


# Two of the checks compare to seven digits, more than the default gives.
@parametrize_with_checks([LabelHeads(tol=1e-10)])
def test_heads_keep_the_contract(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)


def test_each_column_of_a_table_is_a_label_of_its_own() -> None:
    rows = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]] * 5)
    heads = LabelHeads(C=100).fit(rows, rows.astype(int))
    assert heads.predict([[1.0, 1.0], [0.0, 0.0]]).tolist() == [[1, 1], [0, 0]]


def test_a_label_that_no_message_has_keeps_a_low_base_rate() -> None:
    rows = np.array([[0.0], [1.0]] * 10)
    labels = np.column_stack([rows[:, 0].astype(int), np.zeros(20, dtype=int)])
    assert (LabelHeads().fit(rows, labels).predict_proba(rows)[:, 1] < 0.05).all()


def test_a_row_of_weight_nothing_teaches_nothing() -> None:
    rows = np.array([[0.0], [1.0], [0.0], [1.0]])
    wrong = np.array([0, 1, 1, 0])
    heads = LabelHeads(C=100).fit(rows, wrong, sample_weight=[1, 1, 1e-9, 1e-9])
    assert heads.predict([[0.0], [1.0]]).tolist() == [0, 1]


def test_sparse_and_dense_rows_give_the_same() -> None:
    rows = np.array([[0.0, 2.0], [1.0, 0.0], [0.5, 1.0], [3.0, 0.0]])
    classes = np.array(["a", "b", "a", "b"])
    dense = LabelHeads().fit(rows, classes).predict_proba(rows)
    thin = sparse.csr_array(rows)
    assert dense == pytest.approx(LabelHeads().fit(thin, classes).predict_proba(thin))
