"""The ombudsman's own platform: apart from the FHIR server, its tokens and its patients (rows B1 to B5)."""
