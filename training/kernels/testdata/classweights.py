#!/usr/bin/python3
"""Writes classweights.json: what PyTorch computes for losses with class weights, on logits [6][3]: the value and the gradient for the logits of
CrossEntropyLoss(weight) on labels 0, 1, 2, 0, 0, 1, and of BCEWithLogitsLoss(pos_weight) on tags of which the columns have 3, 2 and 1 of 6. pos_weight
is negatives over positives of each column, as PyTorch's documentation of it advises.
Needs Debian's python3-torch:  /usr/bin/python3 classweights.py
"""
import json, os
import torch
from torch import nn

logits = torch.tensor([[0.5, -1.25, 2.0], [1.5, 0.25, -0.75], [-2.0, 3.0, 0.125], [0.0, -0.5, 1.0], [2.5, -3.0, -1.0], [-0.25, 0.75, -1.5]], requires_grad=True)
labels = torch.tensor([0, 1, 2, 0, 0, 1])
tags = torch.tensor([[1., 0, 0], [1, 1, 0], [0, 0, 0], [1, 0, 1], [0, 1, 0], [0, 0, 0]])
out = {"torch": torch.__version__, "logits": logits.tolist(), "labels": labels.tolist(), "tags": tags.tolist()}


def add(name, loss, weights):
    logits.grad = None
    loss.backward()
    out[name] = {"weights": weights.tolist(), "loss": float(loss), "gradient": logits.grad.tolist()}


counts = torch.bincount(labels).float()
weight = len(labels) / (len(counts) * counts)
add("cross_entropy", nn.CrossEntropyLoss(weight=weight)(logits, labels), weight)
positives = tags.sum(0)
pos_weight = (len(tags) - positives) / positives
add("bce", nn.BCEWithLogitsLoss(pos_weight=pos_weight)(logits, tags), pos_weight)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "classweights.json"), "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
