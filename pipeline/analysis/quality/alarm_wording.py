"""What an alarm about an item says, in plain words. Nothing here names an answer."""

from typing import NamedTuple


class Reason(NamedTuple):
    """One sentence or two, in each language of the documents."""

    sv: str
    en: str


def reason(alarm_id: str, *, k_items: int, earlier_wave: int | None) -> Reason:
    """Why an alarm was raised, and what to check.

    Args:
        alarm_id: of ``item_alarms``.
        k_items: questions of the scale in the wave.
        earlier_wave: that the item is compared with; null: none.
    """
    match alarm_id:
        case "option_never_chosen":
            return Reason(
                "Ett svarsalternativ har inga svar, fast alternativen bredvid har många. "
                "Kontrollera om det fanns med i enkäten och hur leverantören kodar det.",
                "One option has no answers although the options beside it have many. "
                "Check that it was offered, and how the supplier codes it.",
            )
        case "options_turned":
            return Reason(
                f"Svaren ser ut som en spegelbild av {earlier_wave} års. Kontrollera om "
                "svarsalternativen eller deras koder har vänts.",
                f"The answers look like a mirror image of those of {earlier_wave}. "
                "Check whether the options or their codes have been turned round.",
            )
        case "runs_against_scale" if k_items == 2:
            return Reason(
                "Skalans två frågor går emot varandra. Kontrollera vilken av dem som ska vändas.",
                "The scale's two questions run against each other. "
                "Check which of them should be reversed.",
            )
        case "runs_against_scale":
            return Reason(
                "Frågan går emot resten av skalan: mer av den följs av mindre av de andra. "
                "Kontrollera om den ska vändas, eller har vänts av misstag.",
                "The question runs against the rest of the scale: more of it goes with less of "
                "the others. Check whether it should be reversed, or was reversed by mistake.",
            )
        case "meaning_moved":
            return Reason(
                f"Frågan hänger ihop med de andra på ett annat sätt än {earlier_wave}. "
                "Kontrollera ordalydelse, översättning och plats i enkäten.",
                f"The question hangs together with the others differently than in "
                f"{earlier_wave}. Check its wording, translation and place in the questionnaire.",
            )
        case _:
            raise ValueError(f"alarm {alarm_id} has no wording")
