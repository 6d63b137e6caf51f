"""Pictures are painted anew: the pixels stay, and where and by whom they were taken is gone."""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from app.outside.inspecting.found import Fault, Found, Rejected

PIXELS: Final = 60_000_000
"""More than a telephone's camera takes in its usual modes."""
EDGE: Final = 4096
"""The longer edge of what is kept: a page of small print photographed whole stays readable."""
THUMBNAIL: Final = 320
_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
_LARGEST_PNG: Final = 10_000_000


def picture(data: bytes, content_type: str) -> Found:
    """Raises Rejected."""
    if content_type == "image/heic":
        import pi_heif  # noqa: PLC0415  (most processes see a JPEG)

        pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=[_FORMATS[content_type]]) as sent:
            if sent.width * sent.height > PIXELS:
                raise Rejected(Fault.TOO_MANY_PIXELS)
            sent.thumbnail((EDGE, EDGE))  # a JPEG is decoded at a smaller scale at once
            painted = _painted(ImageOps.exif_transpose(sent))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Rejected(Fault.TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise Rejected(Fault.WRONG_TYPE) from error
    kind, body = _written(painted, "image/jpeg" if content_type == "image/heic" else content_type)
    size = painted.size
    painted.thumbnail((THUMBNAIL, THUMBNAIL))
    _, small = _written(_on_white(painted), "image/jpeg")
    return Found(kind, body, small, width=size[0], height=size[1])


def _painted(sent: Image.Image) -> Image.Image:
    """A new image with the same pixels: what else the old one carried (EXIF, comments, profiles) stays behind."""
    mode = "RGBA" if sent.has_transparency_data else "L" if sent.mode in ("1", "L") else "RGB"
    clean = Image.new(mode, sent.size)
    clean.paste(sent.convert(mode))
    return clean


def _written(image: Image.Image, content_type: str) -> tuple[str, bytes]:
    out = io.BytesIO()
    if content_type == "image/png":
        image.save(out, "PNG")
        if out.tell() <= _LARGEST_PNG:
            return content_type, out.getvalue()
        out = io.BytesIO()
    if content_type == "image/webp":
        image.save(out, "WEBP", quality=85)
        return content_type, out.getvalue()
    _on_white(image).save(out, "JPEG", quality=85)
    return "image/jpeg", out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image)
    return ground
