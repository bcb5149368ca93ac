"""The words the demo company is made of, with the letters and commas that break careless readers."""

FIRST_NAMES = (
    "Ana", "Lucía", "Jürgen", "Marta", "Chen", "Aoife", "Noël", "Priya", "Tom", "María José", "Søren", "李", "Olga",
    "Kwame",
)  # fmt: skip
LAST_NAMES = (
    "García", "O'Brien", "Müller", "Nguyen", "Smith", "Fernández-Ruiz", "Østergaard", "Kowalski", "王", "Duarte",
    "van der Berg",
)  # fmt: skip
FIRMS = (
    "Northwind", "Müller & Söhne", "Pérez Hermanos", "Blue Harbor", "Kite", "O'Brien", "Ostrava Steel", "東京商事",
    'Acme "West"', "Summit", "Río Verde",
)  # fmt: skip
KINDS = (", GmbH", " S.L.", " Inc.", " Ltd", " Health", " Foods, Inc.", " Labs", " Logistics")
OFFERS = ("Pilot", "Platform", "Team plan", "Ampliación", "Année 2", 'Phase "two", extended', "プラットフォーム")
REASONS = ("Price", "No decision", "Competitor", "Timing", "Missing feature", "Precio")
SOURCES = ("Web", "Partner Referral", "Trade Show", "Phone Inquiry", "Word of mouth")
INDUSTRIES = ("Finance", "Healthcare", "Manufacturing", "Retail", "Technology")
CITIES = ("Málaga", "Köln", "Dublin", "Łódź", "大阪", "Austin")
TITLES = ("CFO", "Head of Sales", "Directora de Marketing", "Buyer", "VP, Operations")
