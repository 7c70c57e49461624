"""The units of measure that sentences are checked and computed with. Pure."""

from qa.nlp.terms import terms

UNITS = frozenset(
    terms(
        """second seconds minute minutes hour hours day days week weeks fortnight month months quarter
        quarters year years decade decades century centuries millennium am pm s ms min h
        millimetre millimeter centimetre centimeter metre meter kilometre kilometer inch inches foot feet
        yard yards mile miles mm cm m km ft acre acres hectare hectares ha
        gram grams kilogram kilograms kilo tonne tonnes ton tons ounce ounces pound pounds stone g kg t oz lb
        litre liter gallon gallons pint pints barrel barrels l ml
        watt watts kilowatt megawatt gigawatt w kw mw gw joule kilojoule calorie calories kwh mwh gwh j kj
        volt volts ampere amperes ohm v a hertz hz khz mhz ghz newton pascal bar psi
        degree degrees celsius fahrenheit kelvin knot knots mph kph percent per cent percentage
        bit bits byte bytes kilobyte megabyte gigabyte terabyte kb mb gb tb
        мм см км га кг вт квт мвт гвт"""
    )
)
"""Stems of units of time, size, mass, power, temperature, speed and data: SI, imperial and customary ones,
and the Russian abbreviations of more than a letter."""
