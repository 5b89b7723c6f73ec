#!/usr/bin/python3
"""Writes testdata/parity: small images in the formats that are read, and what PIL makes of them, as PNG, to compare with.

  /usr/bin/python3 generate.py

decode/NAME.EXT with decode/NAME.EXT.png: ImageOps.exif_transpose(Image.open(f)).convert("RGB").
resize/WxH.png: resize/source.png at that size by Image.BILINEAR.
Made with Pillow 9.4.0 (libjpeg-turbo 2.1, libwebp 1.2).
"""
import os
import numpy as np
from PIL import Image, ImageOps

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "parity")
os.makedirs(os.path.join(here, "decode"), exist_ok=True)
os.makedirs(os.path.join(here, "resize"), exist_ok=True)
rng = np.random.default_rng(7)


def picture(w, h):
    """Smooth colours, a few hard edges, some noise."""
    y, x = np.mgrid[0:h, 0:w]
    a = np.stack([128 + 100 * np.sin(x / 9 + y / 23), 255 * x / w, 255 * ((x // 11 + y // 7) % 2)], 2)
    a[h // 4: h // 2, w // 3: w // 2] = (220, 30, 60)
    return Image.fromarray(np.clip(a + rng.normal(0, 6, a.shape), 0, 255).astype(np.uint8))


def exif(o):
    e = Image.Exif()
    e[0x0112] = o
    return e


def save(name, im, upright=None, **options):
    path = os.path.join(here, "decode", name)
    im.save(path, **options)
    if upright is None:
        upright = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    upright.info.pop("transparency", None)
    upright.save(path + ".png", optimize=True)


im = picture(61, 47)
for s, name in enumerate(["444", "422", "420"]):
    save(f"sub{name}.jpg", im, quality=90, subsampling=s)
save("progressive.jpg", im, quality=85, progressive=True)
save("grey.jpg", im.convert("L"), quality=85)
save("cmyk.jpg", im.convert("CMYK"), quality=92)
save("one_pixel.jpg", im.crop((3, 3, 4, 4)), quality=90)
for o in range(1, 9):
    save(f"orientation{o}.jpg", im, quality=85, subsampling=0, exif=exif(o))
save("orientation6.png", im, exif=exif(6))
save("orientation8.webp", im, exif=exif(8), lossless=True)
# PIL turns a TIFF when it loads it, and exif_transpose would turn it back.
save("orientation3.tif", im, upright=im.transpose(Image.ROTATE_180), tiffinfo={0x0112: 3})
save("rgb.png", im)
save("grey.png", im.convert("L"))
save("bilevel.png", im.convert("1"))
save("palette.png", im.quantize(37))
rgba = im.convert("RGBA")
rgba.putalpha(Image.fromarray((np.mgrid[0:47, 0:61][1] * 4).astype(np.uint8)))
save("alpha.png", rgba)
save("grey_alpha.png", rgba.convert("LA"))
save("transparent_palette.png", im.quantize(16), transparency=3)
# PIL clips 16-bit grey at 255; the high byte is what is meant.
deep = (np.asarray(im.convert("L")).astype(np.uint16) << 8) | 77
save("grey16.png", Image.fromarray(deep), upright=im.convert("L").convert("RGB"))
save("lossy.webp", im, quality=80)
save("lossless.webp", im, lossless=True)
save("alpha.webp", rgba, lossless=True, exact=True)
save("animation.webp", im, save_all=True, append_images=[im.rotate(90)], lossless=True)
save("rgb.bmp", im)
save("palette.bmp", im.quantize(200))
save("bilevel.bmp", im.convert("1"))
save("raw.tif", im)
save("lzw.tif", im, compression="tiff_lzw")
save("deflate.tif", im, compression="tiff_adobe_deflate")
save("grey.tif", im.convert("L"))
save("rgb.gif", im)
save("animation.gif", im.quantize(64), save_all=True, append_images=[im.rotate(90).quantize(64)])

source = picture(97, 71)
source.save(os.path.join(here, "resize", "source.png"), optimize=True)
for w, h in [(96, 96), (32, 32), (13, 50), (50, 13), (97, 35), (40, 71), (150, 120), (300, 20), (1, 1), (97, 71), (7, 3)]:
    source.resize((w, h), Image.BILINEAR).save(os.path.join(here, "resize", f"{w}x{h}.png"), optimize=True)

# reduced/NAME.jpg with reduced/NAME.jpg.N.png: Image.open(f) after draft() to 1/N, convert("RGB"). cjpeg is of libjpeg-turbo-progs.
import subprocess
reduced = os.path.join(os.path.dirname(here), "reduced")
os.makedirs(reduced, exist_ok=True)
ppm = os.path.join(reduced, "source.ppm")
im = picture(75, 53)
for name, colours, options in [
    ("s11", "RGB", "-quality 88 -sample 1x1"), ("s21", "RGB", "-quality 88 -sample 2x1"), ("s22", "RGB", "-quality 88 -sample 2x2"),
    ("s12", "RGB", "-quality 88 -sample 1x2"), ("s41", "RGB", "-quality 88 -sample 4x1"), ("s42", "RGB", "-quality 88 -sample 4x2"),
    ("s24", "RGB", "-quality 88 -sample 2x4"), ("mixed", "RGB", "-quality 88 -sample 2x2,2x1,1x2"),
    ("grey", "L", "-quality 88 -grayscale"), ("rgb", "RGB", "-quality 88 -rgb"), ("coarse", "RGB", "-quality 20"),
    ("fine", "RGB", "-quality 100 -sample 1x1"), ("restart", "RGB", "-quality 88 -restart 3B"), ("restart_row", "RGB", "-quality 88 -restart 1"),
    ("progressive", "RGB", "-quality 88 -progressive"), ("progressive444", "RGB", "-quality 95 -progressive -sample 1x1"),
    ("progressive21", "RGB", "-quality 70 -progressive -sample 2x1 -restart 5B"), ("progressive_grey", "L", "-quality 88 -progressive -grayscale"),
]:
    path = os.path.join(reduced, name + ".jpg")
    im.convert(colours).save(ppm, format="PPM")
    with open(path, "wb") as f:
        f.write(subprocess.run(["cjpeg", *options.split(), ppm], check=True, stdout=subprocess.PIPE).stdout)
os.remove(ppm)
im.convert("CMYK").save(os.path.join(reduced, "cmyk.jpg"), quality=90)
im.convert("CMYK").save(os.path.join(reduced, "cmyk_progressive.jpg"), quality=90, progressive=True)
for name in sorted(os.listdir(reduced)):
    if not name.endswith(".jpg"):
        continue
    for scale in (1, 2, 4, 8):
        small = Image.open(os.path.join(reduced, name))
        if scale > 1:
            small.draft(small.mode, (im.width // scale, im.height // scale))
        small = small.convert("RGB")
        assert small.size == (-(-im.width // scale), -(-im.height // scale)), (name, scale, small.size)
        small.save(os.path.join(reduced, f"{name}.{scale}.png"), optimize=True)
