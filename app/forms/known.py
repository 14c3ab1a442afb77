"""Which extensions and controls are honoured, which have no effect for a resident, and which must be noted."""

from collections.abc import Iterator

from app.forms.given import HL7, OURS, SDC, Json, parts_at, words_at
from app.forms.model import Note

_HL7_HONOURED = (
    "questionnaire-itemControl questionnaire-choiceOrientation questionnaire-unit questionnaire-unitOption "
    "questionnaire-unitValueSet questionnaire-optionPrefix questionnaire-optionExclusive questionnaire-hidden "
    "questionnaire-displayCategory questionnaire-minOccurs questionnaire-maxOccurs questionnaire-sliderStepValue "
    "questionnaire-supportLink questionnaire-constraint questionnaire-referenceResource questionnaire-fhirType "
    "questionnaire-baseType questionnaire-instruction targetConstraint entryFormat minLength regex minValue maxValue "
    "maxDecimalPlaces mimeType maxSize variable cqf-expression ordinalValue itemWeight translation rendering-xhtml "
    "rendering-markdown rendering-style preferredTerminologyServer terminology-server maxLength "
    "questionnaire-launchContext questionnaire-answerRepeats"
)
_SDC_HONOURED = (
    "initialExpression calculatedExpression enableWhenExpression answerExpression answerOptionsToggleExpression "
    "launchContext shortText openLabel collapsible minQuantity maxQuantity itemMedia itemAnswerMedia "
    "observationLinkPeriod subQuestionnaire unitOption preferredTerminologyServer candidateExpression "
    "isSubject targetConstraint variable"
)
_NORWEGIAN = (
    "validationtext repeatstext sdf-minvalue sdf-maxvalue sdf-fhirpath sdf-fhirpathvalidation "
    "sdf-calculatedExpression"
)
EHELSE = "http://ehelse.no/fhir/StructureDefinition/"
SUBLABEL = "http://helsenorge.no/fhir/StructureDefinition/sdf-sublabel"
HONOURED = frozenset(
    [HL7 + name for name in _HL7_HONOURED.split()]
    + [SDC + name for name in _SDC_HONOURED.split()]
    + [f"{OURS}{name}" for name in ("reader", "minutes", "open-form", "score-hidden")]
    + [f"{EHELSE}{name}" for name in _NORWEGIAN.split()]
    + [f"{HL7}sdc-questionnaire-targetConstraint", SUBLABEL]
)
_HARMLESS_PARTS = (  # what the receiver of the response does with it, and what is said about the form itself
    "extract",
    "Extract",
    "assemble",
    "Assemble",
    "sourceQueries",
    "StructureMap",
    "prepopulate",
    "PopulationContext",
    "itemContext",
    "optionalDisplay",
    "choiceColumn",
    "columnCount",
    "sdc-questionnaire-width",
    "endpoint",
    "performerType",
    "derivationType",
    "structuredefinition-",
    "valueset-",
    "artifact-",
    "cqf-library",
    "cqf-",
    "cpg-",
    "crmi-",
    "/sdf-",
    "ContainedResourceReference",
    "resource-",
    "questionnaireAdaptive",
    "questionnaire-usageMode",
    "questionnaire-signatureRequired",
    "rendering-styleSensitive",
    "rendering-criticalExtension",
    "quantity-precision",
    "binding-parameter",
    "questionnaireresponse-",
    "questionnaire-referenceFilter",
    "questionnaire-referenceProfile",
    "questionnaire-allowedResource",
    "designNote",
    "extension-Questionnaire.item.answerConstraint",
    "extension-itemOrder",
    "cqif-library",
    "fhirVersion",
)
_CONTROLS = (
    "drop-down radio-button check-box autocomplete slider spinner text-box lookup help flyover prompt unit lower upper "
    "header footer page tab tab-container table htable gtable atable grid list inline legal year yearMonth sidebar "
    "push-button step text-area phone-number "
    "context-display collapsible highlight receiver data-receiver summary summary-container pill-choice"
)
CONTROLS = frozenset(_CONTROLS.split(" "))


def strange(raw: Json, link_id: str) -> Iterator[Note]:
    """A note for each extension of ``raw`` that changes what a resident should see, and is not understood."""
    for one in parts_at(raw, "extension"):
        url = words_at(one, "url")
        if url not in HONOURED and not harmless(url):
            yield Note("extension", link_id, url[:200])
    for one in parts_at(raw, "modifierExtension"):
        yield Note("modifier-extension", link_id, words_at(one, "url")[:200])


def harmless(url: str) -> bool:
    """Whether a resident misses nothing when the extension is left alone."""
    return any(part in url for part in _HARMLESS_PARTS)
