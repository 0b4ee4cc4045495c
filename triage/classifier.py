"""One logistic regression a label, behind scikit-learn's contract."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    _check_sample_weight,
    check_is_fitted,
    column_or_1d,
    validate_data,
)


class LabelHeads(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regressions side by side: one a column of labels, or one a class.

    With a table of 0 and 1 each column is a label of its own (a message has several). With a
    single column of classes the heads compete. All is fitted in float64: in float32 the solver
    stops early.

    Args:
        C: inverse strength of regularisation.
        max_iter: most rounds of the solver a head.
        tol: how exactly the solver must arrive; at 0.01 logits are right to about 0.004.

    Example:
        >>> heads = LabelHeads().fit([[0.0], [1.0], [0.2], [0.9]], [[1, 0], [0, 1], [1, 0], [0, 1]])
        >>> heads.predict([[0.0], [1.0]]).tolist()
        [[1, 0], [0, 1]]
    """

    def __init__(self, C: float = 8.0, max_iter: int = 20_000, tol: float = 0.01) -> None:  # noqa: N803 -- its name in scikit-learn
        self.C = C
        self.max_iter = max_iter
        self.tol = tol

    def fit(
        self,
        X: ArrayLike | sparse.csr_array,  # noqa: N803 -- as above
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Fit every head. A label that no or every message has keeps its base rate.

        `sample_weight` says how much each row counts; without it each counts one.

        Raises:
            ValueError: when there is one class only.
        """
        checked: tuple[Any, NDArray[Any]] = validate_data(
            self, X, y, accept_sparse="csr", dtype=np.float64, multi_output=True
        )
        rows, given = checked
        check_classification_targets(given)
        self.multilabel_ = given.ndim == 2 and given.shape[1] > 1  # noqa: PLR2004 -- rows, columns
        if self.multilabel_:
            targets = np.asarray(given, dtype=bool)
            self.classes_: Any = [np.array([0, 1]) for _ in range(targets.shape[1])]
        else:
            self.classes_, numbers = np.unique(column_or_1d(given, warn=True), return_inverse=True)
            if len(self.classes_) == 1:
                raise ValueError("LabelHeads cannot learn from one class")
            targets = numbers[:, np.newaxis] == np.arange(len(self.classes_))
        weights = _check_sample_weight(sample_weight, rows, dtype=np.float64)
        self.n_iter_ = 1
        heads = [self._head(rows, target, weights) for target in targets.T]
        # Column by column in memory: a product with sparse rows would else copy it every time.
        self.coef_ = np.asfortranarray([coefficients for coefficients, _ in heads])
        self.intercept_ = np.array([bias for _, bias in heads])
        return self

    def decision_function(self, X: ArrayLike | sparse.csr_array) -> NDArray[np.float64]:  # noqa: N803
        """Logits, one column a head; a single column where two classes compete."""
        check_is_fitted(self, "coef_")
        rows: Any = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False)
        logits: NDArray[np.float64] = np.asarray(rows @ self.coef_.T + self.intercept_)
        if not self.multilabel_ and len(self.classes_) == 2:  # noqa: PLR2004 -- as said above
            return logits[:, 1]
        return logits

    def predict(self, X: ArrayLike | sparse.csr_array) -> NDArray[Any]:  # noqa: N803
        """0 and 1 a label, or the class whose head is highest."""
        logits = self.decision_function(X)
        if self.multilabel_:
            return (logits > 0).astype(int)
        chosen = (logits > 0).astype(int) if logits.ndim == 1 else logits.argmax(axis=1)
        classes: NDArray[Any] = np.asarray(self.classes_)
        named: NDArray[Any] = classes[chosen]
        return named

    def predict_proba(self, X: ArrayLike | sparse.csr_array) -> NDArray[np.float64]:  # noqa: N803
        """A probability a label, each by itself; for competing classes they add up to one."""
        logits = self.decision_function(X)
        if logits.ndim == 1:
            chance = expit(logits)
            return np.column_stack([1 - chance, chance])
        chances: NDArray[np.float64] = expit(logits)
        return chances if self.multilabel_ else chances / chances.sum(axis=1, keepdims=True)

    def _head(
        self, rows: Any, target: NDArray[np.bool_], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], float]:
        if target.all() or not target.any():
            rate = (target.sum() + 0.5) / (len(target) + 1)
            return np.zeros(rows.shape[1]), float(np.log(rate / (1 - rate)))
        # The dual solver is by far the faster one where columns outnumber messages, and slow to
        # arrive where they do not. Its seed is fixed: the same messages give the same model.
        many_columns = rows.shape[1] > rows.shape[0]
        solver = LogisticRegression(
            C=self.C,
            solver="liblinear" if many_columns else "lbfgs",
            dual=many_columns,
            max_iter=self.max_iter,
            tol=self.tol,
            random_state=0,
        )
        solver.fit(rows, target, sample_weight=weights)
        self.n_iter_ = max(self.n_iter_, int(solver.n_iter_.max()))
        return solver.coef_[0], float(solver.intercept_[0])

    def __sklearn_tags__(self) -> Any:
        """Say that tables of labels and sparse rows are taken."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags
