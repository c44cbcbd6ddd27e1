"""Files of the threads of the expert desk, out of the same storage as attachments: who sees a thread opens its files."""

from flask import render_template
from werkzeug.wrappers import Response

from procure.attachments import service
from procure.attachments.routes import blueprint, sent
from procure.support import talk_queries
from procure.support.models import SupportFile
from procure.web.access import actor, found, requires

Answer = str | Response | tuple[str, int]


@blueprint.get("/support/<int:number>/files/<int:file_id>/<name>")
@requires("support.read")
def thread_file(number: int, file_id: int, name: str) -> Answer:
    """The file, to be saved. 404 for whoever does not read the thread's messages, 409 when malware was found in it, 503 when the
    storage does not give it."""
    wanted: SupportFile = found(talk_queries.file_for(actor(), number, file_id))
    found(name if name == wanted.file_name else None)
    if not service.may_open(wanted.scan):
        return render_template("attachments/thread_closed.html", number=number, name=name, infected=True), 409
    return sent(wanted, name) or (
        render_template("attachments/thread_closed.html", number=number, name=name, infected=False),
        503,
    )
