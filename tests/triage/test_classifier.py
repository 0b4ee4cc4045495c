"""The estimators keep scikit-learn's contract, checked by scikit-learn itself."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.utils.estimator_checks import parametrize_with_checks

from triage.classifier import LARGE, KernelHeads

ROWS = np.array([[0.0, 2.0], [1.0, 0.0], [0.5, 1.0], [3.0, 0.0]])
CLASSES = np.array(["a", "b", "a", "b"])


# The checks compare to seven digits, more than single precision gives.
@parametrize_with_checks([KernelHeads(precision="float64")])
def test_heads_keep_the_contract(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)


def test_the_scores_are_those_of_scikit_learns_kernel_ridge() -> None:
    draw = np.random.default_rng(0)
    rows, unseen = draw.normal(size=(40, 6)), draw.normal(size=(10, 6))
    labels = (draw.normal(size=(40, 3)) > 0).astype(int)

    def kernel(one: Any, other: Any) -> Any:
        return 0.5 * one[:, :2] @ other[:, :2].T + rbf_kernel(one[:, 2:], other[:, 2:], gamma=1)

    theirs = KernelRidge(alpha=0.3, kernel="precomputed")
    theirs.fit(kernel(rows, rows), 2 * labels - 1)
    mine = KernelHeads(linear=2, linear_weight=0.5, ridge=0.3).fit(rows, labels)
    expected = theirs.predict(kernel(unseen, rows))
    assert mine.decision_function(unseen) == pytest.approx(expected, abs=1e-4)


def test_each_column_of_a_table_is_a_label_of_its_own() -> None:
    rows = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]] * 5)
    heads = KernelHeads().fit(rows, rows.astype(int))
    assert heads.predict([[1.0, 1.0], [0.0, 0.0]]).tolist() == [[1, 1], [0, 0]]


def test_a_label_that_no_message_has_is_given_to_none() -> None:
    rows = np.array([[0.0], [1.0]] * 10)
    labels = np.column_stack([rows[:, 0].astype(int), np.zeros(20, dtype=int)])
    assert (KernelHeads().fit(rows, labels).decision_function(rows)[:, 1] < -0.8).all()


def test_a_row_of_weight_nothing_teaches_nothing() -> None:
    rows = np.array([[0.0], [1.0], [0.0], [1.0]])
    wrong = np.array([0, 1, 1, 0])
    heads = KernelHeads().fit(rows, wrong, sample_weight=[1, 1, 0, 0])
    assert heads.predict([[0.0], [1.0]]).tolist() == [0, 1]


def test_a_row_may_count_for_one_label_and_not_for_another() -> None:
    rows = np.array([[0.0], [1.0], [0.0], [1.0]])
    labels = np.array([[0, 0], [1, 1], [1, 1], [0, 0]])
    weights = [[1, 1e-9], [1, 1e-9], [1e-9, 1], [1e-9, 1]]
    heads = KernelHeads().fit(rows, labels, sample_weight=weights)
    assert heads.predict([[0.0], [1.0]]).tolist() == [[0, 1], [1, 0]]


def test_sparse_and_dense_rows_give_the_same() -> None:
    dense = KernelHeads(linear=1).fit(ROWS, CLASSES).decision_function(ROWS)
    thin = sparse.csr_array(ROWS)
    assert dense == pytest.approx(KernelHeads(linear=1).fit(thin, CLASSES).decision_function(thin))


def test_many_rows_in_single_precision_come_out_as_few() -> None:
    draw = np.random.default_rng(0)
    rows = draw.normal(size=(LARGE + 1, 2))
    heads = KernelHeads(linear=1).fit(rows, (rows[:, 1] > 0).astype(int))
    assert heads.predict([[0.0, 0.9], [0.0, -0.9]]).tolist() == [1, 0]
