"""pycocotools.COCOeval (cocodataset/cocoapi, PythonAPI/pycocotools/cocoeval.py, for iouType "bbox") in numpy, step for step: computeIoU, evaluateImg,
accumulate, summarize. Boxes are [image, class, x, y, w, h(, score)]; there are no crowds."""
import numpy as np


def bb_iou(dt, gt):
    o = np.zeros((len(dt), len(gt)))
    for d, (dx, dy, dw, dh) in enumerate(dt):
        for g, (gx, gy, gw, gh) in enumerate(gt):
            w = min(dx + dw, gx + gw) - max(dx, gx)
            h = min(dy + dh, gy + gh) - max(dy, gy)
            if w <= 0 or h <= 0:
                continue
            o[d, g] = w * h / (dw * dh + gw * gh - w * h)
    return o


class COCOeval:
    iou_thrs = np.linspace(.5, 0.95, int(np.round((0.95 - .5) / .05)) + 1, endpoint=True)
    rec_thrs = np.linspace(.0, 1.00, int(np.round((1.00 - .0) / .01)) + 1, endpoint=True)
    max_dets = [1, 10, 100]
    area_rng = [[0 ** 2, 1e5 ** 2], [0 ** 2, 32 ** 2], [32 ** 2, 96 ** 2], [96 ** 2, 1e5 ** 2]]

    def __init__(self, images, classes, truth, found):
        self.images, self.classes = images, classes
        self.gts = {(i, c): [] for i in range(images) for c in range(classes)}
        self.dts = {(i, c): [] for i in range(images) for c in range(classes)}
        for t in truth:
            self.gts[t[0], t[1]].append({"bbox": t[2:6], "area": t[4] * t[5]})
        for f in found:
            self.dts[f[0], f[1]].append({"bbox": f[2:6], "area": f[4] * f[5], "score": f[6]})
        self.ious = {key: self.compute_iou(*key) for key in self.gts}
        self.accumulate()

    def compute_iou(self, img, cat):
        gt, dt = self.gts[img, cat], self.dts[img, cat]
        if len(gt) == 0 and len(dt) == 0:
            return []
        inds = np.argsort([-d["score"] for d in dt], kind="mergesort")
        dt = [dt[i] for i in inds]
        if len(dt) > self.max_dets[-1]:
            dt = dt[0:self.max_dets[-1]]
        return bb_iou([d["bbox"] for d in dt], [g["bbox"] for g in gt])

    def evaluate_img(self, img, cat, a_rng, max_det):
        gt, dt = self.gts[img, cat], self.dts[img, cat]
        if len(gt) == 0 and len(dt) == 0:
            return None
        ignore = [1 if g["area"] < a_rng[0] or g["area"] > a_rng[1] else 0 for g in gt]
        gtind = np.argsort(ignore, kind="mergesort")
        gt = [gt[i] for i in gtind]
        dtind = np.argsort([-d["score"] for d in dt], kind="mergesort")
        dt = [dt[i] for i in dtind[0:max_det]]
        ious = self.ious[img, cat][:, gtind] if len(self.ious[img, cat]) > 0 else self.ious[img, cat]
        T, G, D = len(self.iou_thrs), len(gt), len(dt)
        gtm, dtm = np.zeros((T, G)), np.zeros((T, D))
        gt_ig = np.array([ignore[i] for i in gtind])
        dt_ig = np.zeros((T, D))
        if not len(ious) == 0:
            for tind, t in enumerate(self.iou_thrs):
                for dind, d in enumerate(dt):
                    iou = min([t, 1 - 1e-10])
                    m = -1
                    for gind, g in enumerate(gt):
                        if gtm[tind, gind] > 0:
                            continue
                        if m > -1 and gt_ig[m] == 0 and gt_ig[gind] == 1:
                            break
                        if ious[dind, gind] < iou:
                            continue
                        iou = ious[dind, gind]
                        m = gind
                    if m == -1:
                        continue
                    dt_ig[tind, dind] = gt_ig[m]
                    dtm[tind, dind] = 1
                    gtm[tind, m] = 1
        a = np.array([d["area"] < a_rng[0] or d["area"] > a_rng[1] for d in dt]).reshape((1, len(dt)))
        dt_ig = np.logical_or(dt_ig, np.logical_and(dtm == 0, np.repeat(a, T, 0)))
        return {"dtMatches": dtm, "dtScores": [d["score"] for d in dt], "gtIgnore": gt_ig, "dtIgnore": dt_ig}

    def accumulate(self):
        T, R, K, A, M = len(self.iou_thrs), len(self.rec_thrs), self.classes, len(self.area_rng), len(self.max_dets)
        self.precision = -np.ones((T, R, K, A, M))
        self.recall = -np.ones((T, K, A, M))
        for k in range(K):
            for a, a_rng in enumerate(self.area_rng):
                E_all = [self.evaluate_img(i, k, a_rng, self.max_dets[-1]) for i in range(self.images)]
                E = [e for e in E_all if e is not None]
                if len(E) == 0:
                    continue
                for m, max_det in enumerate(self.max_dets):
                    dt_scores = np.concatenate([e["dtScores"][0:max_det] for e in E])
                    inds = np.argsort(-dt_scores, kind="mergesort")
                    dtm = np.concatenate([e["dtMatches"][:, 0:max_det] for e in E], axis=1)[:, inds]
                    dt_ig = np.concatenate([e["dtIgnore"][:, 0:max_det] for e in E], axis=1)[:, inds]
                    gt_ig = np.concatenate([e["gtIgnore"] for e in E])
                    npig = np.count_nonzero(gt_ig == 0)
                    if npig == 0:
                        continue
                    tps = np.logical_and(dtm, np.logical_not(dt_ig))
                    fps = np.logical_and(np.logical_not(dtm), np.logical_not(dt_ig))
                    tp_sum = np.cumsum(tps, axis=1).astype(dtype=float)
                    fp_sum = np.cumsum(fps, axis=1).astype(dtype=float)
                    for t, (tp, fp) in enumerate(zip(tp_sum, fp_sum)):
                        nd = len(tp)
                        rc = tp / npig
                        pr = tp / (fp + tp + np.spacing(1))
                        q = np.zeros((R,)).tolist()
                        self.recall[t, k, a, m] = rc[-1] if nd else 0
                        pr = pr.tolist()
                        for i in range(nd - 1, 0, -1):
                            if pr[i] > pr[i - 1]:
                                pr[i - 1] = pr[i]
                        for ri, pi in enumerate(np.searchsorted(rc, self.rec_thrs, side="left")):
                            if pi >= nd:
                                break
                            q[ri] = pr[pi]
                        self.precision[t, :, k, a, m] = np.array(q)

    @staticmethod
    def mean(s):
        s = s[s > -1]
        return float(s.mean()) if len(s) else -1.0

    def stats(self):
        """The twelve numbers of summarize: AP, AP50, AP75, AP small, medium, large, AR 1, 10, 100, AR small, medium, large."""
        p, r = self.precision, self.recall
        return [self.mean(p[:, :, :, 0, 2]), self.mean(p[0, :, :, 0, 2]), self.mean(p[5, :, :, 0, 2]), self.mean(p[:, :, :, 1, 2]),
                self.mean(p[:, :, :, 2, 2]), self.mean(p[:, :, :, 3, 2]), self.mean(r[:, :, 0, 0]), self.mean(r[:, :, 0, 1]),
                self.mean(r[:, :, 0, 2]), self.mean(r[:, :, 1, 2]), self.mean(r[:, :, 2, 2]), self.mean(r[:, :, 3, 2])]

    def per_class(self, t=slice(None)):
        return [self.mean(self.precision[t, :, k, 0, 2]) for k in range(self.classes)]
