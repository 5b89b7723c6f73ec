#!/usr/bin/env python3
"""Writes figures.json: random predictions with scikit-learn's numbers on them, and random boxes with the figures of a reimplementation of
pycocotools.COCOeval in numpy. Debian: apt install python3-sklearn; then: /usr/bin/python3 figures.py > figures.json

Scores have three decimals, so that equal ones occur and every number is the same in float32."""
import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

from cocoeval import COCOeval

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20250101)


def scores32(a):
    return np.round(a, 3)


def means(truth, said, labels):
    out = {}
    for average in ("macro", "weighted", "micro"):
        p, r, f, _ = m.precision_recall_fscore_support(truth, said, labels=labels, average=average, zero_division=0)
        out[average] = [p, r, f]
    return out


def curve(truth, score):
    p, r, t = m.precision_recall_curve(truth, score)
    return {"precision": list(p[:-1]), "recall": list(r[:-1]), "threshold": list(t)}


def classification(n, classes, skill, with_curve=False):
    truth = rng.integers(0, classes, n)
    if classes > 3:
        truth[truth == classes - 1] = 0  # one that never truly occurs
    logits = rng.normal(size=(n, classes))
    logits[np.arange(n), truth] += skill
    e = np.exp(logits)
    s = scores32(e / e.sum(1, keepdims=True))
    said = s.argmax(1)
    labels = sorted(set(truth) | set(said))
    p, r, f, support = m.precision_recall_fscore_support(truth, said, labels=range(classes), zero_division=0)
    top = s.max(1)
    ece = 0.0
    for k in range(10):
        inside = (np.minimum((top * 10).astype(int), 9) == k)
        if inside.any():
            ece += inside.mean() * abs(top[inside].mean() - (said == truth)[inside].mean())
    c = {
        "classes": classes, "scores": s.tolist(), "truth": truth.tolist(), "accuracy": m.accuracy_score(truth, said),
        "precision": p.tolist(), "recall": r.tolist(), "f1": f.tolist(), "support": support.tolist(), "means": means(truth, said, labels),
        "confusion_matrix": m.confusion_matrix(truth, said, labels=range(classes)).tolist(),
        "average_precision": [m.average_precision_score(truth == k, s[:, k]) if (truth == k).any() else 0 for k in range(classes)],
        "ece": ece, "brier": float(np.mean((top - (said == truth)) ** 2)),
    }
    if with_curve:
        c["curve"] = curve(truth == 1, s[:, 1])
    return c


def tagging(n, tags, threshold):
    truth = rng.random((n, tags)) < np.linspace(0.05, 0.6, tags)
    s = scores32(1 / (1 + np.exp(-(rng.normal(size=(n, tags)) * 1.5 + 2 * truth - 1))))
    said = s >= threshold
    p, r, f, support = m.precision_recall_fscore_support(truth, said, zero_division=0)
    positive, right = calibration_curve(truth.ravel(), s.ravel(), n_bins=7)  # scores are never on a border of these
    return {
        "classes": tags, "threshold": threshold, "scores": s.tolist(), "truth": [np.flatnonzero(row).tolist() for row in truth],
        "accuracy": float((truth == said).mean()), "precision": p.tolist(), "recall": r.tolist(), "f1": f.tolist(), "support": support.tolist(),
        "means": means(truth, said, None), "average_precision": [m.average_precision_score(truth[:, k], s[:, k]) for k in range(tags)],
        "micro_average_precision": m.average_precision_score(truth, s, average="micro"),
        "calibration": [list(positive), list(right)], "brier": m.brier_score_loss(truth.ravel(), s.ravel()), "curve": curve(truth[:, 1], s[:, 1]),
    }


def detection(images, classes, crowd):
    width, height = 640, 480
    truth, found = [], []
    for i in range(images):
        for _ in range(rng.integers(0, crowd)):
            side = rng.choice([14, 50, 170])
            w, h = (rng.integers(side // 2, side * 2, 2)).tolist()
            w, h = min(w, width - 1), min(h, height - 1)
            x, y = int(rng.integers(0, width - w)), int(rng.integers(0, height - h))
            c = int(rng.integers(0, classes))
            truth.append([i, c, x, y, w, h])
            for _ in range(rng.integers(0, 3)):  # found none, one or two times, more or less well
                j = rng.integers(-side // 4 - 1, side // 4 + 2, 4)
                other = c if rng.random() < 0.85 else int(rng.integers(0, classes))
                found.append([i, other, int(x + j[0]), int(y + j[1]), max(2, int(w + j[2])), max(2, int(h + j[3])), round(float(rng.random()), 3)])
        for _ in range(rng.integers(0, 3)):
            found.append([i, int(rng.integers(0, classes)), int(rng.integers(0, 500)), int(rng.integers(0, 400)), int(rng.integers(3, 120)),
                          int(rng.integers(3, 80)), round(float(rng.random()) * 0.6, 3)])
    truth = [t for t in truth if t[1] != 3]  # one that never truly occurs
    e = COCOeval(images, classes, truth, found)
    return {"images": images, "classes": classes, "size": [width, height], "truth": truth, "found": found, "stats": e.stats(),
            "ap": e.per_class(), "ap50": e.per_class(0)}


print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", file=sys.stderr)
json.dump({
    "made_with": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "classification": [classification(60, 3, 1.5, True), classification(200, 5, 1.0), classification(40, 2, 0.3), classification(7, 4, 3)],
    "tagging": [tagging(150, 4, 0.5), tagging(60, 3, 0.25)],
    "detection": [detection(40, 4, 6), detection(12, 1, 9), detection(25, 5, 2), detection(3, 2, 60)],
}, sys.stdout, separators=(",", ":"))
