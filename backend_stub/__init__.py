"""The platform for testers: FHIR R4 server, sign-in, professional's console, faults. Everything in it is fictitious."""
