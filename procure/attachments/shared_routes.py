"""The way out of the storage for an expert: the files that a city shares in a request, and no others."""

import logging

from flask import abort, current_app, send_file
from werkzeug.wrappers import Response

from procure.attachments import queries, shared_queries
from procure.attachments.routes import LOCKED_IN, blueprint
from procure.infra import clock
from procure.infra.db import writing_apart
from procure.infra.storage import StorageFailed, storage_at
from procure.support import queries as support
from procure.support import sharebook
from procure.web.access import actor, found, requires

log = logging.getLogger("procure")


@blueprint.get("/support/<int:number>/files/<int:attachment>/<int:version>/<name>")
@requires("support.take")
def shared(number: int, attachment: int, version: int, name: str) -> Response:
    """The newest version of a shared attachment, to be saved, for who sees the request's material. Its first opening is noted. 404 for
    everything else: tender material is never given, whatever the list says; 503 when the storage does not give it."""
    seen = found(support.request_for(actor(), number))
    case = found(seen.request.case if seen.sight == "material" else None)
    wanted = (attachment, version, name)
    file = found(next((one for one in shared_queries.files_of(case) if (one.number, one.version, one.file_name) == wanted), None))
    found(file if file.what in seen.request.shares else None)
    row = found(queries.version_to_open(case, attachment, version))
    found(None if row.tender_material else row)
    try:
        stream = storage_at(current_app.config["SETTINGS"].storage_url).open(row.storage_key)
    except StorageFailed as failure:
        log.error("attachment failed %s", failure)
        abort(503)
    if new := sharebook.not_seen_yet(number, (file.seen_as,), actor()):
        with writing_apart():
            sharebook.note(number, new, actor(), clock.now())
    response = send_file(
        stream,  # type: ignore[arg-type]
        mimetype=row.media_type, as_attachment=True, download_name=name, conditional=False, etag=False,
    )  # fmt: skip
    response.content_length = row.size
    response.headers["Content-Security-Policy"] = LOCKED_IN
    return response
