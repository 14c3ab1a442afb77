"""How kind a server is. The default is the best behaviour; the others behave as real servers are known to.

``FhirConfig.temper`` is a function, so a tester can change the temper while the server runs.
"""

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class Temper:
    """One server's ways. ``search_lag``: how long a write stays invisible to searches (reads see it at once).

    ``client_ids``: PUT to an unknown id creates. ``if_none_match``: ``*`` on PUT, honoured by 412 or 304, or ignored.
    ``conflict``: status for a stale If-Match. ``paging``: frozen result set, offsets that shift under writes, no links,
    links to another host, or links that have expired. ``exist_race``: how long a conditional create does not see what
    another one has just made, as on servers that look and write in two steps. ``late``: every third version is seen by
    searches only so long after its time. ``search_cache``: the same search is answered with the same page so long,
    unless ``Cache-Control: no-cache``. ``coarse_times``: ``lastUpdated`` has whole seconds, so that many are equal.
    ``normalises``: bodies lose extensions that a server does not know, and get a narrative. ``renames``: PUT to an
    unknown id stores it under another one. ``claims``: the CapabilityStatement promises what is not done. ``bell``: the
    websocket's ways: never rings; garbage, repeated and reordered frames; a storm; rings before it is bound.
    ``operations``: whether those of the clinic are offered.
    """

    name: str = "best"
    client_ids: bool = True
    if_none_match: Literal["412", "304", "ignored"] = "412"
    if_none_exist: bool = True
    exist_race: timedelta = timedelta()
    if_match: bool = True
    conflict: Literal[412, 409] = 412
    instance_history: bool = True
    type_history: bool = True
    patch: bool = True
    conditional: bool = True
    transaction_atomic: bool = True
    batch_search: bool = True
    post_search: bool = True
    search_lag: timedelta = timedelta()
    sort_ignored: bool = False
    elements_ignored: bool = False
    default_count: int = 50
    max_count: int = 1000
    paging: Literal["snapshot", "offset", "none", "elsewhere", "expired"] = "snapshot"
    websocket: bool = True
    late: timedelta = timedelta()
    search_cache: timedelta = timedelta()
    coarse_times: bool = False
    normalises: bool = False
    renames: bool = False
    claims: bool = False
    bell: Literal["good", "silent", "garbage", "storm", "early"] = "good"
    operations: bool = True


BEST = Temper()
TEMPERS = MappingProxyType(
    {
        temper.name: temper
        for temper in (
            BEST,
            Temper(
                "hapi",
                if_none_match="ignored",
                default_count=20,
                max_count=200,
                search_cache=timedelta(seconds=60),
            ),
            Temper(
                "medplum",
                client_ids=False,
                type_history=False,
                transaction_atomic=False,
                paging="offset",
                websocket=False,
                default_count=20,
            ),
            Temper("google", type_history=False, batch_search=False, websocket=False),
            Temper("azure", if_none_match="ignored", if_none_exist=False, websocket=False, max_count=500),
            Temper(
                "healthlake",
                if_none_match="ignored",
                if_none_exist=False,
                search_lag=timedelta(seconds=30),
                type_history=False,
                websocket=False,
                elements_ignored=True,
                sort_ignored=True,
                max_count=100,
            ),
            Temper(
                "old",
                if_match=False,
                patch=False,
                conditional=False,
                instance_history=False,
                type_history=False,
            ),
            Temper("plain", operations=False),
            Temper("conflict409", conflict=409, if_none_match="304"),
            Temper("router", client_ids=False, paging="none", elements_ignored=True, websocket=False),
            Temper("late", late=timedelta(seconds=120), coarse_times=True, paging="elsewhere", bell="early"),
            Temper("normalising", normalises=True, paging="expired", bell="garbage"),
            Temper("racing", client_ids=False, exist_race=timedelta(seconds=5), websocket=False),
            Temper("renaming", renames=True, bell="silent"),
            Temper("lying", claims=True, if_none_match="ignored", if_none_exist=False, bell="storm"),
        )
    }
)
"""Tempers by name, after what real servers are known to do, and some worse ones."""
