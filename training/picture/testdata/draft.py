#!/usr/bin/python3
"""What PIL's draft takes for JPEGs of 12 megapixels, in processor time, the least of 9.

  /usr/bin/python3 draft.py make FOLDER [PHOTO]   photos to measure: one scaled up (or one made of waves), with a camera's noise and smooth
  /usr/bin/python3 draft.py FOLDER
  VIEWFINDER_PHOTOS=FOLDER go test -run '^$' -bench Draft -benchtime 9x ./training/picture
"""
import glob
import os
import sys
import time

from PIL import Image, ImageChops

if sys.argv[1] == "make":
    folder = sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    if len(sys.argv) > 3:
        smooth = Image.open(sys.argv[3]).convert("RGB").resize((4000, 3000), Image.LANCZOS)
    else:
        waves = Image.radial_gradient("L").resize((4000, 3000), Image.BICUBIC)
        smooth = Image.merge("RGB", [waves, waves.rotate(90), ImageChops.invert(waves)])
    noisy = ImageChops.add(smooth, Image.effect_noise((4000, 3000), 12).convert("RGB"), 1, -128)
    noisy.save(f"{folder}/420.jpg", quality=85, subsampling=2)
    noisy.save(f"{folder}/422.jpg", quality=85, subsampling=1)
    noisy.save(f"{folder}/444.jpg", quality=92, subsampling=0)
    noisy.save(f"{folder}/progressive.jpg", quality=85, progressive=True)
    smooth.save(f"{folder}/smooth.jpg", quality=85)
    sys.exit()

for path in sorted(glob.glob(sys.argv[1] + "/*.jpg")):
    for scale in (1, 2, 4, 8):
        least = 1e9
        for _ in range(9):
            before = time.process_time()
            im = Image.open(path)
            if scale > 1:
                im.draft("RGB", (im.width // scale, im.height // scale))
            im.load()
            least = min(least, time.process_time() - before)
        print(f"{os.path.basename(path)}/{scale} {least * 1000:.1f} cpu-ms")
