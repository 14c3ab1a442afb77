"""The stub platform's FHIR R4 server: Starlette and one SQLite connection, no ORM.

``repository`` keeps and finds resources, ``access`` says who may see what, ``dispatch`` is every interaction as a plain
function call, ``app`` puts it on HTTP and ``live`` on a websocket.
"""
