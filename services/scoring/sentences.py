"""The words of the explanation. Each is a whole sentence about what the family declared."""

from services.messages import N_, NN_

SIZE = NN_("Your household has %(count)s person", "Your household has %(count)s people")
ALONE = N_("You live alone")
COUPLE = N_("You live as a couple, with nobody else")
NOT_SMALL = N_("You are neither one person alone nor a couple alone")
HEAD_AGE = NN_("The head of household is %(count)s year old", "The head of household is %(count)s years old")
NUCLEI = NN_("Your household is made up of %(count)s family", "Your household is made up of %(count)s families")
ROOMS = N_("People in your home: %(people)s. Rooms: %(rooms)s.")
REGION = N_("Your region: %(region)s")

# For each group of members: how many they are out of how many, and the sentence for nobody.
GROUPS_OF_MEMBERS = {
    "aged_19_29": (
        NN_(
            "%(count)s person in your household is aged 19 to 29",
            "%(count)s people in your household are aged 19 to 29",
        ),
        N_("Nobody in your household is aged 19 to 29"),
    ),
    "aged_30_59": (
        NN_(
            "%(count)s person in your household is aged 30 to 59",
            "%(count)s people in your household are aged 30 to 59",
        ),
        N_("Nobody in your household is aged 30 to 59"),
    ),
    "aged_60_plus": (
        NN_(
            "%(count)s person in your household is aged 60 or more",
            "%(count)s people in your household are aged 60 or more",
        ),
        N_("Nobody in your household is aged 60 or more"),
    ),
    "health_cover": (
        NN_(
            "%(count)s person in your household has health cover other than AMO-Tadamon",
            "%(count)s people in your household have health cover other than AMO-Tadamon",
        ),
        N_("Nobody in your household has health cover other than AMO-Tadamon"),
    ),
    "children_public_school": (
        NN_(
            "%(count)s child aged 6 to 14 goes to a public school",
            "%(count)s children aged 6 to 14 go to a public school",
        ),
        N_("No child aged 6 to 14 goes to a public school"),
    ),
    "children_private_school": (
        NN_(
            "%(count)s child aged 6 to 14 goes to a private school",
            "%(count)s children aged 6 to 14 go to a private school",
        ),
        N_("No child aged 6 to 14 goes to a private school"),
    ),
    "share_no_diploma": (
        NN_(
            "%(count)s person aged 15 or more has no diploma, out of %(size)s in all",
            "%(count)s people aged 15 or more have no diploma, out of %(size)s in all",
        ),
        N_("Nobody aged 15 or more is without a diploma"),
    ),
    "share_technical": (
        NN_(
            "%(count)s person aged 15 or more has a technical diploma, out of %(size)s in all",
            "%(count)s people aged 15 or more have a technical diploma, out of %(size)s in all",
        ),
        N_("Nobody aged 15 or more has a technical diploma"),
    ),
    "share_higher_education": (
        NN_(
            "%(count)s person aged 15 or more has a diploma of higher education, out of %(size)s in all",
            "%(count)s people aged 15 or more have a diploma of higher education, out of %(size)s in all",
        ),
        N_("Nobody aged 15 or more has a diploma of higher education"),
    ),
    "share_literate": (
        NN_(
            "%(count)s person aged 15 or more can read and write, out of %(size)s in all",
            "%(count)s people aged 15 or more can read and write, out of %(size)s in all",
        ),
        N_("Nobody aged 15 or more can read and write"),
    ),
    "share_earning": (
        NN_(
            "%(count)s person aged 15 or more works, out of %(size)s in all",
            "%(count)s people aged 15 or more work, out of %(size)s in all",
        ),
        N_("Nobody aged 15 or more works"),
    ),
    "share_machine_operators": (
        NN_(
            "%(count)s person aged 15 or more drives or operates machines for a living, out of %(size)s in all",
            "%(count)s people aged 15 or more drive or operate machines for a living, out of %(size)s in all",
        ),
        N_("Nobody aged 15 or more drives or operates machines for a living"),
    ),
    "share_senior_managers": (
        NN_(
            "%(count)s person in your household is a senior manager, out of %(size)s in all",
            "%(count)s people in your household are senior managers, out of %(size)s in all",
        ),
        N_("Nobody in your household is a senior manager"),
    ),
    "share_traders": (
        NN_(
            "%(count)s person aged 15 or more is a trader, out of %(size)s in all",
            "%(count)s people aged 15 or more are traders, out of %(size)s in all",
        ),
        N_("Nobody aged 15 or more is a trader"),
    ),
}

# For each count or amount of the household: how much it is, and the sentence for nothing.
AMOUNTS = {
    "computers": (
        NN_("%(count)s computer", "%(count)s computers"),
        N_("No computer"),
    ),
    "mobile_phones": (
        NN_("%(count)s mobile phone", "%(count)s mobile phones"),
        N_("No mobile phone"),
    ),
    "cars": (NN_("%(count)s car", "%(count)s cars"), N_("No car")),
    "motorbikes": (
        NN_("%(count)s motorbike", "%(count)s motorbikes"),
        N_("No motorbike"),
    ),
    "cows": (NN_("%(count)s cow", "%(count)s cows"), N_("No cow")),
    "butane_monthly": (
        NN_("You spend %(count)s dirham a month on gas bottles", "You spend %(count)s dirhams a month on gas bottles"),
        N_("You spend nothing on gas bottles"),
    ),
    "water_electricity": (
        NN_(
            "On average you pay %(count)s dirham a month for water and electricity",
            "On average you pay %(count)s dirhams a month for water and electricity",
        ),
        N_("You pay nothing for water and electricity"),
    ),
    "telecom_monthly": (
        NN_(
            "You spend %(count)s dirham a month on phone and internet",
            "You spend %(count)s dirhams a month on phone and internet",
        ),
        N_("You spend nothing on phone and internet"),
    ),
}

# For each thing that a household has or has not: the sentence for yes, and for no.
THINGS = {
    "has_bath": (N_("Your home has a bathroom or a shower"), N_("Your home has neither bathroom nor shower")),
    "satellite_dish": (N_("You have a satellite dish"), N_("You have no satellite dish")),
    "landline": (N_("You have a fixed telephone line"), N_("You have no fixed telephone line")),
    "loan": (N_("You are paying back a loan"), N_("You are not paying back any loan")),
    "second_home": (N_("You own a second home"), N_("You own no second home")),
    "garage": (N_("You own a garage"), N_("You own no garage")),
    "business_premises": (N_("You own premises for a trade"), N_("You own no premises for a trade")),
    "non_agricultural_land": (
        N_("You own land that is not for farming"),
        N_("You own no land that is not for farming"),
    ),
    "irrigated_land": (N_("You own farm land that is watered"), N_("You own no farm land that is watered")),
}

# For each choice, of the household or of its head: a sentence for every value.
CHOICES = {
    "milieu": {
        "urban": N_("Starting point for a household in a town"),
        "rural": N_("Starting point for a household in the countryside"),
    },
    "dwelling": {
        "villa": N_("You live in a villa"),
        "apartment": N_("You live in a flat in a building"),
        "modern_house": N_("You live in a modern Moroccan house"),
        "traditional_house": N_("You live in a traditional Moroccan house"),
        "rural_stone_house": N_("You live in a country house with walls of stone"),
        "rural_earth_house": N_("You live in a country house with walls of earth"),
        "room": N_("You live in one room only"),
        "informal": N_("You live in a makeshift home"),
        "other": N_("You live in another kind of home"),
    },
    "electricity": {
        "own_meter": N_("You have an electricity meter of your own"),
        "shared_meter": N_("You share an electricity meter"),
        "solar": N_("Your electricity comes from the sun"),
        "none": N_("Your home has no electricity"),
    },
    "education": {
        "none": N_("The head of household has no diploma"),
        "basic": N_("The head of household finished basic education"),
        "secondary": N_("The head of household finished secondary education"),
        "technical": N_("The head of household has a technical diploma"),
        "higher": N_("The head of household has a diploma of higher education"),
    },
    "occupation": {
        "none": N_("The head of household has no occupation"),
        "senior_manager": N_("The head of household works as a senior manager"),
        "middle_manager": N_("The head of household works as a middle manager"),
        "employer": N_("The head of household employs other people"),
        "employee": N_("The head of household works as an employee"),
        "machine_operator": N_("The head of household drives or operates machines for a living"),
        "craftsman": N_("The head of household works as a craftsman"),
        "farmer": N_("The head of household works as a farmer"),
        "trader": N_("The head of household works as a trader"),
        "labourer": N_("The head of household works as a labourer"),
        "other": N_("The head of household has another occupation"),
    },
    "activity": {
        "employed": N_("The head of household works"),
        "unemployed": N_("The head of household is looking for work"),
        "pensioner": N_("The head of household receives a pension"),
        "rentier": N_("The head of household lives on rents"),
        "student": N_("The head of household is a student"),
        "home": N_("The head of household takes care of the home"),
        "infant": N_("The head of household is a small child"),
        "other": N_("The head of household has another activity"),
    },
}
