#!/usr/bin/python3
"""Writes what PyTorch computes for two checks of training/nn: solvers.json and detector.json, in this folder.

Weights and inputs follow the formula of parity/generate.py, which writes what PyTorch computes for whole networks:
    u = ((fnv1a32(NAME) + i * 2654435761) mod 2**32) / 2**32     for element i of the tensor NAME in C order
    weight of two or more axes (2u - 1) * sqrt(3 / fan_in); of one axis (a norm's) 1 + 0.1 * (2u - 1);
    bias and running_mean 0.1 * (2u - 1); running_var 1 + 0.5 * u; input 2u - 1
solvers.json: four optimizers on two tensors, w [5][3] and b [5] (started from the formula as "w.weight" and "b.bias"), over 20
steps with the gradients (2u - 1) / 10 of "gradient STEP NAME" plus a fifth of the value itself; learning rate 0.01 * (STEP + 1),
STEP from 0; weight decay 0.02 (on w alone if "no_decay"); gradients clipped to the norm "clip" if it isn't 0.
detector.json: the net Detector below (stride 8, on small_cnn and mobilenet_v2_035), batch
2, 3 classes, 64 x 80 pixels: the head's output, our loss (detectionloss.go) on two boxes an image and its gradients, in training mode.
Needs Debian's python3-torch and python3-torchvision:  /usr/bin/python3 generate.py
"""
import json, math, os, sys
import torch, torchvision
from torch import nn
import torch.nn.functional as F

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "parity"))
import nets

torch.manual_seed(0)
torch.set_num_threads(1)


def fnv1a32(s):
    h = 2166136261
    for b in s.encode():
        h = ((h ^ b) * 16777619) & 0xFFFFFFFF
    return h


def fill(name, t):
    i = torch.arange(t.numel(), dtype=torch.int64)
    u = (((fnv1a32(name) + i * 2654435761) % 2**32).double() / 2**32).reshape(t.shape)
    if name == "input" or name.startswith("gradient"):
        v = 2 * u - 1
    elif name.endswith("running_var"):
        v = 1 + 0.5 * u
    elif t.dim() >= 2:
        v = (2 * u - 1) * math.sqrt(3 / (t.numel() // t.shape[0]))
    elif name.endswith("weight"):
        v = 1 + 0.1 * (2 * u - 1)
    else:
        v = 0.1 * (2 * u - 1)
    return v.float()


def numbers(t, n=None):
    return [float(f"{x:.8g}") for x in t.detach().flatten()[:n].tolist()]


def solvers():
    out = []
    for name in ("sgd", "nesterov", "adam", "adamw"):
        for no_decay, clip in ((False, 0), (True, 0.3)):
            w, b = nn.Parameter(fill("w.weight", torch.empty(5, 3))), nn.Parameter(fill("b.bias", torch.empty(5)))
            groups = [{"params": [w], "weight_decay": 0.02}, {"params": [b], "weight_decay": 0 if no_decay else 0.02}]
            if name in ("sgd", "nesterov"):
                opt = torch.optim.SGD(groups, lr=0.1, momentum=0.9, nesterov=name == "nesterov")
            else:
                opt = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name](groups, lr=0.1)
            for step in range(20):
                for g in opt.param_groups:
                    g["lr"] = 0.01 * (step + 1)
                for k, p in (("w", w), ("b", b)):
                    p.grad = fill(f"gradient {step} {k}", torch.empty(p.shape)) / 10 + p.detach() / 5
                if clip:
                    nn.utils.clip_grad_norm_([w, b], clip)
                opt.step()
            out.append({"optimizer": name, "no_decay": no_decay, "clip": clip, "w": numbers(w), "b": numbers(b)})
    with open(os.path.join(here, "solvers.json"), "w") as f:
        json.dump(out, f, indent=1)
        f.write("\n")


class Detector(nn.Module):
    """Feature pyramid and heads on the backbone's four stages."""

    def __init__(self, arch, classes, stride):
        super().__init__()
        f = nets.build(arch, 2).features
        if arch == "small_cnn":
            self.stages, strides = nn.ModuleList([f[4 * i:4 * i + 4] for i in range(4)]), (2, 4, 8, 16)
        else:
            self.stages, strides = nn.ModuleList([f[:4], f[4:7], f[7:14], f[14:18]]), (4, 8, 16, 32)
        with torch.no_grad():
            x, c = torch.zeros(2, 3, 64, 64), []
            for s in self.stages:
                x = s(x)
                c.append(x.shape[1])
        self.first = strides.index(stride)
        self.side = nn.ModuleList([nn.Conv2d(n, 64, 1) for n in c])
        self.smooth = nn.ModuleList([nn.Sequential(nn.Conv2d(64, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU()) for _ in c])
        self.heat, self.size, self.off = nn.Conv2d(64, classes, 3, padding=1), nn.Conv2d(64, 2, 3, padding=1), nn.Conv2d(64, 2, 3, padding=1)

    def forward(self, x):
        maps = []
        for s in self.stages:
            x = s(x)
            maps.append(x)
        y = self.smooth[3](self.side[3](maps[3]))
        for i in range(2, self.first - 1, -1):
            y = self.smooth[i](self.side[i](maps[i]) + F.interpolate(y, size=maps[i].shape[2:], mode="nearest"))
        return self.heat(y), self.size(y), self.off(y)


BOXES = [[(0.1, 0.2, 0.45, 0.6, 0), (0.5, 0.5, 0.92, 0.95, 1)], [(0.05, 0.1, 0.3, 0.3, 2), (0.4, 0.35, 0.62, 0.8, 0)]]


def targets(classes, gh, gw):
    """Heatmaps, and for each cell its box's (width, height, centre x, centre y), how much it counts there, and whether it is a centre."""
    n = len(BOXES)
    heat, box, weight = torch.zeros(n, classes, gh, gw), torch.ones(n, 4, gh, gw), torch.zeros(n, gh, gw)
    gauss, centre = torch.zeros(n, gh, gw), torch.zeros(n, gh, gw)
    yy, xx = torch.meshgrid(torch.arange(gh), torch.arange(gw), indexing="ij")
    for i, boxes in enumerate(BOXES):
        for x1, y1, x2, y2, c in boxes:
            w, h, cx, cy = (x2 - x1) * gw, (y2 - y1) * gh, (x1 + x2) / 2 * gw, (y1 + y2) / 2 * gh
            ix, iy = min(int(cx), gw - 1), min(int(cy), gh - 1)
            s = max(0.35, math.sqrt(w * h) / 9)
            g = torch.exp(-((xx - ix) ** 2 + (yy - iy) ** 2) / (2 * s * s))
            heat[i, c] = torch.maximum(heat[i, c], g)
            mine = (g >= 1e-3) & (g >= gauss[i])
            gauss[i] = torch.where(mine, g, gauss[i])
            weight[i] = torch.where(mine, g / g.sum(), weight[i])
            for k, v in enumerate((torch.full_like(g, w), torch.full_like(g, h), cx - xx, cy - yy)):
                box[i, k] = torch.where(mine, v, box[i, k])
            centre[i, iy, ix] = 1
    return heat, box, weight, centre


def giou(a, b):
    """torchvision's generalized_box_iou of boxes by pairs, [n, 4] as (width, height, centre x, centre y)."""
    corners = lambda t: torch.cat([t[:, 2:] - t[:, :2] / 2, t[:, 2:] + t[:, :2] / 2], 1)
    return torchvision.ops.generalized_box_iou(corners(a), corners(b)).diagonal()


def detector():
    out = []
    for arch in ("small_cnn", "mobilenet_v2_035"):
        classes, height, width = 3, 64, 80
        model = Detector(arch, classes, 8)
        model.load_state_dict({k: (fill(k, v) if v.is_floating_point() else v) for k, v in model.state_dict().items()})
        model.train()
        x = fill("input", torch.empty(2, 3, height, width))
        heat, raw, off = model(x)
        th, tb, weight, centre = targets(classes, heat.shape[2], heat.shape[3])
        size = F.softplus(raw)
        q, n = heat.sigmoid().clamp(1e-4, 1 - 1e-4), centre.sum().clamp(min=1)
        pos = (th == 1).float()
        focal = -(pos * (1 - q) ** 2 * q.log() + (1 - pos) * (1 - th) ** 4 * q ** 2 * (1 - q).log()).sum() / n
        rows = lambda t: t.permute(0, 2, 3, 1).reshape(-1, 4)
        loss = focal + 2 * (weight.reshape(-1) * (1 - giou(rows(torch.cat([size, off], 1)), rows(tb)))).sum() / n
        loss.backward()
        joint = torch.cat([heat, raw, off], 1).permute(0, 2, 3, 1)
        out.append({"arch": arch, "height": height, "width": width, "batch": 2, "classes": classes, "boxes": BOXES, "loss": float(loss),
                    "map": numbers(joint, 400),
                    "grads": {k: {"norm": float(p.grad.norm()), "head": numbers(p.grad, 3)} for k, p in model.named_parameters()
                              if p.grad is not None and p.dim() != 1 or k.split(".")[0] in ("heat", "size", "off", "side")
                              and p.grad is not None}})
    with open(os.path.join(here, "detector.json"), "w") as f:
        json.dump(out, f, indent=None, separators=(",", ":"))
        f.write("\n")


solvers()
detector()
