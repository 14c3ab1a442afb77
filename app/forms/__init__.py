"""The forms engine: any FHIR R4 Questionnaire read, filled, checked and answered. Pure Python, without a screen.

``reading.read_form`` makes a ``Form`` of a Questionnaire, whatever it looks like; ``filling.Filling`` holds the answers
of one resident; ``response.to_response`` makes the R4 QuestionnaireResponse. Row F1 to F8.
"""
