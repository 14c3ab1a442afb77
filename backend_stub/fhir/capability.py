"""The CapabilityStatement: what this server does, no more and no less, under its present temper."""

from typing import Any

from backend_stub.fhir import codec
from backend_stub.fhir.context import FhirConfig, Server
from backend_stub.fhir.definitions import parameters, resource_types
from backend_stub.fhir.operations import OWN_OPERATIONS
from backend_stub.fhir.temper import Temper

_WEBSOCKET = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket"
_OAUTH = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_SMART = {"system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR"}
_RESULT_PARAMETERS = (("_id", "token"), ("_lastUpdated", "date"))
Json = dict[str, Any]


def capabilities(server: Server) -> str:
    """The statement as JSON text; made once for each temper."""
    temper = server.config.temper()
    if temper not in server.capabilities:
        server.capabilities[temper] = codec.dumps(_statement(server.config, temper, server.started))
    return server.capabilities[temper]


def websocket_url(config: FhirConfig) -> str:
    """Where ``bind`` is understood."""
    return config.websocket_url or config.base_url.replace("http", "ws", 1) + "/websocket"


def _statement(config: FhirConfig, temper: Temper, started: int) -> Json:
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": codec.instant(started),
        "publisher": "Digiklinikka",
        "kind": "instance",
        "software": {"name": "Digiklinikka stub platform"},
        "implementation": {"description": f"For testers, temper {temper.name}", "url": config.base_url},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        **({"patchFormat": ["application/json-patch+json"]} if temper.patch else {}),
        "rest": [_rest(config, temper)],
    }


def _rest(config: FhirConfig, temper: Temper) -> Json:
    interactions = ["transaction", "batch", *(["history-system"] if temper.type_history else [])]
    rest: Json = {
        "mode": "server",
        "security": _security(config),
        "resource": [_resource(type, temper, config) for type in sorted(resource_types())],
        "interaction": [{"code": code} for code in interactions],
        "searchParam": [{"name": name, "type": kind} for name, kind in _RESULT_PARAMETERS],
    }
    if temper.websocket:
        rest["extension"] = [{"url": _WEBSOCKET, "valueUri": websocket_url(config)}]
    if not temper.transaction_atomic:
        rest["documentation"] = "A transaction is processed entry by entry; it is not atomic."
    system = [one for one in config.operations if one.level == "system"]
    return rest | ({"operation": [_operation(one.name, one.definition) for one in system]} if system else {})


def _security(config: FhirConfig) -> Json:
    uris = [
        {"url": name, "valueUri": url}
        for name, url in (
            ("authorize", config.authorize_url or f"{config.issuer}/authorize"),
            ("token", config.token_url or f"{config.issuer}/token"),
            ("revoke", config.revoke_url or f"{config.issuer}/revoke"),
        )
    ]
    return {
        "extension": [{"url": _OAUTH, "extension": uris}],
        "cors": True,
        "service": [{"coding": [_SMART]}],
    }


def _resource(type: str, temper: Temper, config: FhirConfig) -> Json:
    own = parameters(type)
    links = sorted(f"{type}:{one.code}" for one in own.values() if one.kind == "reference")
    params = [{"name": name, "type": kind} for name, kind in _RESULT_PARAMETERS]
    params += [{"name": one.code, "type": one.kind} for one in own.values()]
    told: Json = {
        "type": type,
        "interaction": [{"code": code} for code in _interactions(temper)],
        "versioning": "versioned-update" if temper.if_match else "versioned",
        "readHistory": temper.instance_history,
        "updateCreate": temper.client_ids or temper.claims,
        "conditionalCreate": (temper.if_none_exist and temper.conditional) or temper.claims,
        "conditionalRead": "full-support",
        "conditionalUpdate": temper.conditional,
        "conditionalDelete": "single" if temper.conditional else "not-supported",
        "referencePolicy": ["literal", "logical", "local"],
        **({"searchInclude": ["*", *links]} if links else {}),
        "searchParam": params,
    }
    offered = config.operations if temper.operations else ()
    names = [one for one in (*OWN_OPERATIONS, *offered) if one.level != "system" and type in one.types]
    return told | ({"operation": [_operation(one.name, one.definition) for one in names]} if names else {})


def _interactions(temper: Temper) -> list[str]:
    codes = ["read", "update", "delete", "create", "search-type"]
    codes += ["patch"] if temper.patch else []
    codes += ["vread", "history-instance"] if temper.instance_history else []
    return codes + (["history-type"] if temper.type_history else [])


def _operation(name: str, definition: str) -> Json:
    return {
        "name": name,
        "definition": definition or f"https://digiklinikka.example/fhir/OperationDefinition/{name}",
    }
