"""The 12 regions, and their 62 provinces and 13 prefectures, named in the three languages.

Codes are those of ISO 3166-2:MA; two provinces stand where the decree 2-15-40 puts them, and not
where ISO prints them: Nouaceur in Casablanca-Settat, Chtouka-Aït Baha in Souss-Massa. Arabic and
French names are the official ones. No official list exists in Tifinagh: these follow road signs
and the Amazigh press where they agree, else the sound, and wait for a native reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Place:
    """A region, a province or a prefecture: its code and its name by locale."""

    code: str
    names: Mapping[str, str]


# code, Arabic, French, Amazigh; a region, then what lies in it.
TABLE = (
    ("MA-01", "طنجة-تطوان-الحسيمة", "Tanger-Tétouan-Al Hoceïma", "ⵟⴰⵏⵊⴰ-ⵜⵉⵟⵟⴰⵡⵉⵏ-ⵍⵃⵓⵙⵉⵎⴰ"),
    ("MA-HOC", "الحسيمة", "Al Hoceïma", "ⵍⵃⵓⵙⵉⵎⴰ"),
    ("MA-CHE", "شفشاون", "Chefchaouen", "ⵛⴼⵛⴰⵡⵏ"),
    ("MA-FAH", "الفحص-أنجرة", "Fahs-Anjra", "ⵍⴼⵃⵚ-ⴰⵏⵊⵕⴰ"),
    ("MA-LAR", "العرائش", "Larache", "ⵍⵄⵔⴰⵢⵛ"),
    ("MA-MDF", "المضيق-الفنيدق", "M’diq-Fnideq", "ⵍⵎⴹⵉⵇ-ⵍⴼⵏⵉⴷⵇ"),
    ("MA-OUZ", "وزان", "Ouezzane", "ⵡⵣⵣⴰⵏ"),
    ("MA-TNG", "طنجة-أصيلة", "Tanger-Assilah", "ⵟⴰⵏⵊⴰ-ⴰⵚⵉⵍⴰ"),
    ("MA-TET", "تطوان", "Tétouan", "ⵜⵉⵟⵟⴰⵡⵉⵏ"),
    ("MA-02", "الشرق", "L’Oriental", "ⴰⴳⵎⵓⴹ"),
    ("MA-BER", "بركان", "Berkane", "ⴱⵔⴽⴰⵏ"),
    ("MA-DRI", "الدريوش", "Driouch", "ⴷⴷⵔⵉⵡⵛ"),
    ("MA-FIG", "فجيج", "Figuig", "ⴼⴳⵉⴳ"),
    ("MA-GUF", "جرسيف", "Guercif", "ⴳⵔⵙⵉⴼ"),
    ("MA-JRA", "جرادة", "Jerada", "ⵊⵔⴰⴷⴰ"),
    ("MA-NAD", "الناظور", "Nador", "ⵏⵏⴰⴹⵓⵔ"),
    ("MA-OUJ", "وجدة-أنجاد", "Oujda-Angad", "ⵡⵓⵊⴷⴰ-ⴰⵏⴳⴰⴷ"),
    ("MA-TAI", "تاوريرت", "Taourirt", "ⵜⴰⵡⵔⵉⵔⵜ"),
    ("MA-03", "فاس-مكناس", "Fès-Meknès", "ⴼⴰⵙ-ⵎⴽⵏⴰⵙ"),
    ("MA-BOM", "بولمان", "Boulemane", "ⴱⵓⵍⵎⴰⵏ"),
    ("MA-HAJ", "الحاجب", "El Hajeb", "ⵍⵃⴰⵊⴱ"),
    ("MA-FES", "فاس", "Fès", "ⴼⴰⵙ"),
    ("MA-IFR", "إفران", "Ifrane", "ⵉⴼⵔⴰⵏ"),
    ("MA-MEK", "مكناس", "Meknès", "ⵎⴽⵏⴰⵙ"),
    ("MA-MOU", "مولاي يعقوب", "Moulay Yacoub", "ⵎⵓⵍⴰⵢ ⵢⵄⵇⵓⴱ"),
    ("MA-SEF", "صفرو", "Sefrou", "ⵚⴼⵔⵓ"),
    ("MA-TAO", "تاونات", "Taounate", "ⵜⴰⵡⵏⴰⵜ"),
    ("MA-TAZ", "تازة", "Taza", "ⵜⴰⵣⴰ"),
    ("MA-04", "الرباط-سلا-القنيطرة", "Rabat-Salé-Kénitra", "ⵕⵕⴱⴰⵟ-ⵙⵍⴰ-ⵍⵇⵏⵉⵟⵕⴰ"),
    ("MA-KEN", "القنيطرة", "Kénitra", "ⵍⵇⵏⵉⵟⵕⴰ"),
    ("MA-KHE", "الخميسات", "Khémisset", "ⵍⵅⵎⵉⵙⴰⵜ"),
    ("MA-RAB", "الرباط", "Rabat", "ⵕⵕⴱⴰⵟ"),
    ("MA-SAL", "سلا", "Salé", "ⵙⵍⴰ"),
    ("MA-SIK", "سيدي قاسم", "Sidi Kacem", "ⵙⵉⴷⵉ ⵇⴰⵙⵎ"),
    ("MA-SIL", "سيدي سليمان", "Sidi Slimane", "ⵙⵉⴷⵉ ⵙⵍⵉⵎⴰⵏ"),
    ("MA-SKH", "الصخيرات-تمارة", "Skhirate-Témara", "ⵚⵚⵅⵉⵔⴰⵜ-ⵜⵎⴰⵔⴰ"),
    ("MA-05", "بني ملال-خنيفرة", "Béni Mellal-Khénifra", "ⴱⵏⵉ ⵎⵍⵍⴰⵍ-ⵅⵏⵉⴼⵕⴰ"),
    ("MA-AZI", "أزيلال", "Azilal", "ⴰⵥⵉⵍⴰⵍ"),
    ("MA-BEM", "بني ملال", "Béni Mellal", "ⴱⵏⵉ ⵎⵍⵍⴰⵍ"),
    ("MA-FQH", "الفقيه بن صالح", "Fquih Ben Salah", "ⵍⴼⵇⵉⵀ ⴱⵏ ⵚⴰⵍⵃ"),
    ("MA-KHN", "خنيفرة", "Khénifra", "ⵅⵏⵉⴼⵕⴰ"),
    ("MA-KHO", "خريبكة", "Khouribga", "ⵅⵔⵉⴱⴳⴰ"),
    ("MA-06", "الدار البيضاء-سطات", "Casablanca-Settat", "ⴷⴷⴰⵕ ⵍⴱⵉⴹⴰ-ⵙⵟⵟⴰⵜ"),
    ("MA-BES", "بنسليمان", "Benslimane", "ⴱⵏⵙⵍⵉⵎⴰⵏ"),
    ("MA-BRR", "برشيد", "Berrechid", "ⴱⵔⵔⵛⵉⴷ"),
    ("MA-CAS", "الدار البيضاء", "Casablanca", "ⴷⴷⴰⵕ ⵍⴱⵉⴹⴰ"),
    ("MA-JDI", "الجديدة", "El Jadida", "ⵍⵊⴷⵉⴷⴰ"),
    ("MA-MED", "مديونة", "Médiouna", "ⵎⴷⵢⵓⵏⴰ"),
    ("MA-MOH", "المحمدية", "Mohammadia", "ⵍⵎⵓⵃⵎⵎⴰⴷⵉⵢⴰ"),
    ("MA-NOU", "النواصر", "Nouaceur", "ⵏⵏⵡⴰⵚⵕ"),
    ("MA-SET", "سطات", "Settat", "ⵙⵟⵟⴰⵜ"),
    ("MA-SIB", "سيدي بنور", "Sidi Bennour", "ⵙⵉⴷⵉ ⴱⵏⵏⵓⵔ"),
    ("MA-07", "مراكش-آسفي", "Marrakech-Safi", "ⵎⵕⵕⴰⴽⵛ-ⴰⵙⴼⵉ"),
    ("MA-HAO", "الحوز", "Al Haouz", "ⵍⵃⴰⵡⵣ"),
    ("MA-CHI", "شيشاوة", "Chichaoua", "ⵛⵉⵛⴰⵡⴰ"),
    ("MA-KES", "قلعة السراغنة", "El Kelâa des Sraghna", "ⵍⵇⵍⵄⴰ ⵏ ⵙⵙⵔⴰⵖⵏⴰ"),
    ("MA-ESI", "الصويرة", "Essaouira", "ⵚⵚⵡⵉⵔⴰ"),
    ("MA-MAR", "مراكش", "Marrakech", "ⵎⵕⵕⴰⴽⵛ"),
    ("MA-REH", "الرحامنة", "Rehamna", "ⵔⵔⵃⴰⵎⵏⴰ"),
    ("MA-SAF", "آسفي", "Safi", "ⴰⵙⴼⵉ"),
    ("MA-YUS", "اليوسفية", "Youssoufia", "ⵍⵢⵓⵙⵓⴼⵉⵢⴰ"),
    ("MA-08", "درعة-تافيلالت", "Drâa-Tafilalet", "ⴷⵔⵄⴰ-ⵜⴰⴼⵉⵍⴰⵍⵜ"),
    ("MA-ERR", "الرشيدية", "Errachidia", "ⵔⵔⴰⵛⵉⴷⵉⵢⴰ"),
    ("MA-MID", "ميدلت", "Midelt", "ⵎⵉⴷⵍⵜ"),
    ("MA-OUA", "ورزازات", "Ouarzazate", "ⵡⴰⵔⵣⴰⵣⴰⵜ"),
    ("MA-TIN", "تنغير", "Tinghir", "ⵜⵉⵏⵖⵉⵔ"),
    ("MA-ZAG", "زاكورة", "Zagora", "ⵣⴰⴳⵓⵔⴰ"),
    ("MA-09", "سوس-ماسة", "Souss-Massa", "ⵙⵓⵙ-ⵎⴰⵙⵙⴰ"),
    ("MA-AGD", "أكادير إداوتنان", "Agadir-Ida-Ou-Tanane", "ⴰⴳⴰⴷⵉⵔ ⵉⴷⴰ ⵓ ⵜⴰⵏⴰⵏ"),
    ("MA-CHT", "اشتوكة آيت باها", "Chtouka-Aït Baha", "ⴰⵛⵜⵓⴽⵏ-ⴰⵢⵜ ⴱⴰⵀⴰ"),
    ("MA-INE", "إنزكان آيت ملول", "Inezgane-Aït Melloul", "ⵉⵏⵣⴳⴳⴰⵏ-ⴰⵢⵜ ⵎⵍⵍⵓⵍ"),
    ("MA-TAR", "تارودانت", "Taroudannt", "ⵜⴰⵔⵓⴷⴰⵏⵜ"),
    ("MA-TAT", "طاطا", "Tata", "ⵟⴰⵟⴰ"),
    ("MA-TIZ", "تيزنيت", "Tiznit", "ⵜⵉⵣⵏⵉⵜ"),
    ("MA-10", "كلميم-واد نون", "Guelmim-Oued Noun", "ⴰⴳⵯⵍⵎⵉⵎ-ⵡⴰⴷ ⵏⵓⵏ"),
    ("MA-ASZ", "آسا الزاك", "Assa-Zag", "ⴰⵙⵙⴰ-ⵣⵣⴰⴳ"),
    ("MA-GUE", "كلميم", "Guelmim", "ⴰⴳⵯⵍⵎⵉⵎ"),
    ("MA-SIF", "سيدي إفني", "Sidi Ifni", "ⵙⵉⴷⵉ ⵉⴼⵏⵉ"),
    ("MA-TNT", "طانطان", "Tan-Tan", "ⵟⴰⵏⵟⴰⵏ"),
    ("MA-11", "العيون-الساقية الحمراء", "Laâyoune-Sakia El Hamra", "ⵍⵄⵢⵓⵏ-ⵙⵙⴰⵇⵢⴰ ⵍⵃⵎⵔⴰ"),
    ("MA-BOD", "بوجدور", "Boujdour", "ⴱⵓⵊⴷⵓⵔ"),
    ("MA-ESM", "السمارة", "Es-Semara", "ⵙⵙⵎⴰⵔⴰ"),
    ("MA-LAA", "العيون", "Laâyoune", "ⵍⵄⵢⵓⵏ"),
    ("MA-TAF", "طرفاية", "Tarfaya", "ⵟⴰⵔⴼⴰⵢⴰ"),
    ("MA-12", "الداخلة-وادي الذهب", "Dakhla-Oued Ed-Dahab", "ⴷⴷⴰⵅⵍⴰ-ⵡⴰⴷ ⴷⴷⴰⵀⴰⴱ"),
    ("MA-AOU", "أوسرد", "Aousserd", "ⴰⵡⵙⵔⴷ"),
    ("MA-OUD", "وادي الذهب", "Oued Ed-Dahab", "ⵡⴰⴷ ⴷⴷⴰⵀⴰⴱ"),
)


def _read_table() -> tuple[dict[str, Place], dict[str, list[Place]]]:
    regions: dict[str, Place] = {}
    provinces: dict[str, list[Place]] = {}
    for code, arabic, french, amazigh in TABLE:
        place = Place(code, {"ar": arabic, "fr": french, "zgh": amazigh})
        if code.removeprefix("MA-").isdigit():
            regions[code], provinces[code] = place, []
        else:
            provinces[next(reversed(provinces))].append(place)
    return regions, provinces


_REGIONS, _PROVINCES = _read_table()
_PLACES = _REGIONS | {place.code: place for places in _PROVINCES.values() for place in places}
REGIONS: tuple[Place, ...] = tuple(_REGIONS.values())


def provinces_of(region: str) -> tuple[Place, ...]:
    """The provinces and prefectures of the region of this code; none for an unknown one."""
    return tuple(_PROVINCES.get(region, ()))


def place_named(code: str) -> Place | None:
    """The region, province or prefecture of this code, if there is one."""
    return _PLACES.get(code)
