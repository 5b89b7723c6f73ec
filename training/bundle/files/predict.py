#!/usr/bin/env python3
"""Predicts images:  pip install onnxruntime pillow numpy;  python predict.py IMAGE ..."""
import json
import pathlib
import sys

import numpy
import onnxruntime
from PIL import Image, ImageOps

here = pathlib.Path(__file__).parent
about = json.loads((here / "labels.json").read_text(encoding="utf-8"))
labels, task, threshold = about["labels"], about["task"], about["threshold"]
session = onnxruntime.InferenceSession(str(here / "model.onnx"), providers=["CPUExecutionProvider"])

for path in sys.argv[1:]:
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")  # upright; resizing is inside the network
    names = [output.name for output in session.get_outputs()]
    out = dict(zip(names, session.run(names, {"image": numpy.asarray(image, dtype=numpy.uint8)})))
    scores = out["confidences"].tolist()
    if task == "detection":
        found = [{"label": labels[int(k)], "confidence": s, "box": b} for k, s, b in zip(out["labels"], scores, out["boxes"].tolist()) if s >= threshold]
    elif task == "tagging":
        found = [{"label": name, "confidence": s} for name, s in zip(labels, scores) if s >= threshold]
    else:
        best = max(range(len(scores)), key=scores.__getitem__)
        found = [{"label": labels[best], "confidence": scores[best]}]
    print(json.dumps({"image": path, "predictions": found}, ensure_ascii=False))
