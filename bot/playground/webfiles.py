"""The bytes of files: posted to an upload address, served back."""

from __future__ import annotations

from aiohttp import web

from .core import Core
from .methods.files import mimetype

SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""A stored file, opened on its own, must not run anything at this address."""


class FileServer:
    """Serves ``/upload/v1/…`` and ``/files/…``."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Step two of an upload: take the bytes, exactly as many as announced."""
        with self._core.activity.running():
            stored = self._core.world.uploads.get(request.match_info["token"])
            if stored is None:
                return web.Response(status=404, text="not found")
            content = await self._bytes(request)
            if len(content) != stored.length:
                return web.Response(status=400, text="length mismatch")
            stored.content = content
            return web.Response(text=f"OK - {len(content)}")

    async def _bytes(self, request: web.Request) -> bytes:
        if not request.content_type.startswith("multipart/"):
            return await request.read()
        async for part in await request.multipart():
            if getattr(part, "filename", None) or getattr(part, "name", None) == "file":
                return bytes(await part.read())  # type: ignore[union-attr]
        return b""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A stored file; the secret in its address stands for the cookie of a person."""
        stored = self._core.world.files.get(request.match_info["id"])
        if stored is None or stored.secret != request.match_info["secret"]:
            return web.Response(status=404, text="not found")
        return web.Response(
            body=stored.content or b"", content_type=mimetype(stored.name), headers=SAFE
        )
