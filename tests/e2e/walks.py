"""Every walk of every room: what axe, the layouts and the pictures go through."""

from tests.e2e import walk, walk_booking, walk_chat, walk_pathways, walk_record
from tests.e2e.walk_forms import FORMS

EVERYTHING = (
    walk.AINO,
    walk.OTHERS,
    walk.NOTHING,
    FORMS,
    walk_booking.BOOKING,
    walk_record.RECORD,
    walk_booking.OFFERED,
    walk_booking.VIDEO,
    walk_chat.CHAT,
    walk_chat.OMBUDSMAN,
    walk_pathways.PATHWAYS,
    walk_pathways.PLAN,
)
