#!/usr/bin/python3
"""Writes zip.pth, stream.pth and tensors.json: one small state dict as torch.save writes it, in both forms, and its values."""
import collections, json, os
import torch

here = os.path.dirname(os.path.abspath(__file__))
a = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4) / 7
state = collections.OrderedDict([
    ("float", a), ("parameter", torch.nn.Parameter(a[0])), ("turned", a.transpose(0, 2)), ("part", a[1, 1:]), ("half", a.half()),
    ("bfloat16", a.bfloat16()), ("double", a.double()), ("long", torch.tensor(-5)), ("int", torch.tensor([1, -70000], dtype=torch.int32)),
    ("byte", torch.tensor([200], dtype=torch.uint8)), ("empty", torch.zeros(0, 3))])
for name, new in (("zip.pth", True), ("stream.pth", False)):
    torch.save({"epoch": 3, "best": 0.5, "names": ["a", "b"], "state_dict": state}, os.path.join(here, name), _use_new_zipfile_serialization=new)
json.dump({k: {"shape": list(v.shape), "values": v.detach().double().flatten().tolist()} for k, v in state.items()}, open(os.path.join(here, "tensors.json"), "w"))
