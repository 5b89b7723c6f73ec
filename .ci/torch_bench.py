#!/usr/bin/python3
"""PyTorch's side of .ci/bench: one JSON line with images_per_s and peak_resident_bytes.

  torch_bench.py BENCH step   ...  runs BENCH/torch_train_step.py with the other arguments
  torch_bench.py BENCH detect ...  times a training step of the net in BENCH/torch_detect.py: forward, its loss, backward, SGD
                                   with momentum, on a fixed random batch; --arch --width --height --batch --steps --threads
  torch_bench.py BENCH evaluate ... reads and decodes each JPEG under --folder, squashes it to --size, and passes batches forward; images_per_s of
                                   all of that, forward_images_per_s of the passes alone; --arch --batch --threads
"""
import argparse, contextlib, io, json, os, resource, runpy, statistics, sys, time


def step(bench, args):
    sys.argv = ["torch_train_step.py"] + args
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        runpy.run_path(os.path.join(bench, "torch_train_step.py"), run_name="__main__")
    return json.loads(out.getvalue())


def detect(bench, args):
    import numpy as np
    import torch
    p = argparse.ArgumentParser()
    p.add_argument("--arch", default="mobilenet_v2_050")
    p.add_argument("--width", type=int, default=320)
    p.add_argument("--height", type=int, default=240)
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--classes", type=int, default=10)
    p.add_argument("--steps", type=int, default=10)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    a = p.parse_args(args)
    path = os.path.join(bench, "torch_detect.py")
    names = {"__file__": path, "__name__": "torch_detect"}
    exec(compile(open(path).read().rsplit("main()", 1)[0], path, "exec"), names)  # all of it but the call of main
    torch.manual_seed(0)
    torch.set_num_threads(a.threads)
    net = names["Detector"](a.arch, a.classes, 8).to(memory_format=torch.channels_last)
    net.train()
    opt = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)
    x = torch.randn(a.batch, 3, a.height, a.width).to(memory_format=torch.channels_last)
    boxes = np.array([[0.2, 0.3, 0.5, 0.6]], np.float32)
    batch = [(None, boxes, np.array([i % a.classes])) for i in range(a.batch)]
    times = []
    for i in range(3 + a.steps):
        start = time.perf_counter()
        heat, size, off = net(x)
        th, ts, to, m = names["targets"](batch, a.classes, heat.shape[2], heat.shape[3])
        q, n = heat.sigmoid().clamp(1e-4, 1 - 1e-4), m.sum().clamp(min=1)
        pos = (th == 1).float()
        focal = -(pos * (1 - q) ** 2 * q.log() + (1 - pos) * (1 - th) ** 4 * q ** 2 * (1 - q).log()).sum() / n
        loss = focal + 0.1 * (m * (size - ts).abs()).sum() / n + (m * (off - to).abs()).sum() / n
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        if i >= 3:
            times.append(time.perf_counter() - start)
    median = statistics.median(times)
    return {"arch": a.arch, "width": a.width, "height": a.height, "batch": a.batch, "threads": a.threads, "step_ms": round(median * 1e3, 2), "images_per_s": round(a.batch / median, 1)}


def evaluate(bench, args):
    import glob
    import numpy as np
    import torch
    from PIL import Image
    p = argparse.ArgumentParser()
    p.add_argument("--arch", default="small_cnn")
    p.add_argument("--folder", required=True)
    p.add_argument("--size", type=int, default=96)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--classes", type=int, default=6)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    a = p.parse_args(args)
    sys.path.insert(0, os.path.join(bench, "..", "fixtures", "torch"))
    from nets import build
    torch.set_num_threads(a.threads)
    net = build(a.arch, a.classes).to(memory_format=torch.channels_last).eval()
    files = sorted(glob.glob(os.path.join(a.folder, "**", "*.jpg"), recursive=True))
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])

    def batch(names):
        pixels = np.stack([np.asarray(Image.open(f).convert("RGB").resize((a.size, a.size), Image.BILINEAR)) for f in names])
        x = (torch.from_numpy(pixels).float() / 255 - mean) / std
        return x.permute(0, 3, 1, 2)  # channels last, as the net

    with torch.no_grad():
        x = batch(files[: a.batch])
        for _ in range(3):
            net(x)
        begun, forward = time.perf_counter(), 0.0
        for i in range(0, len(files), a.batch):
            x = batch(files[i : i + a.batch])
            start = time.perf_counter()
            net(x)
            forward += time.perf_counter() - start
        total = time.perf_counter() - begun
    return {"arch": a.arch, "size": a.size, "batch": a.batch, "threads": a.threads, "images": len(files),
            "images_per_s": round(len(files) / total, 1), "forward_images_per_s": round(len(files) / forward, 1)}


result = {"step": step, "detect": detect, "evaluate": evaluate}[sys.argv[2]](os.path.abspath(sys.argv[1]), sys.argv[3:])
result["peak_resident_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps(result))
