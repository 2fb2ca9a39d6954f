"""Numbers that states and telephone companies give to people, and addresses that are written so that machines miss them."""

from __future__ import annotations

import re2

from signal_pipeline.redaction import national_ids as ids
from signal_pipeline.redaction.addresses import is_address_of_a_person
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import EMAIL, PHONE, SSN

_START = r"(?:^|[^0-9A-Za-z_.+\-/])"
_END = r"(?:[^0-9A-Za-z_\-]|[.\-][^0-9A-Za-z]|$)"

# name, pattern of the number, what its check digits say, example, a number that is none
_NUMBERS = (
    ("cpf", r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", ids.is_cpf, "123.456.789-09", "123.456.789-00"),
    ("cpf_bare", r"[0-9]{11}", ids.is_cpf, "12345678909", "12345678900"),
    ("cnpj", r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}", ids.is_cnpj, "11.222.333/0001-81", "11.222.333/0001-82"),
    ("nino", r"[A-Z]{2}(?: ?[0-9]{2}){3} ?[A-D]|[A-Z]{2}-?[0-9]{6}-?[A-D]", ids.is_nino, "AB 12 34 56 C", "QQ 12 34 56 C"),
    ("dni", r"[0-9]{8}[ -]?[A-Z]|[0-9]{2}\.[0-9]{3}\.[0-9]{3}-?[A-Z]|[XYZ][ -]?[0-9]{7}[ -]?[A-Z]", ids.is_dni, "12345678Z", "12345678A"),
    ("curp", r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]", ids.is_curp, "HEGG560427MVZRRL04", "HEGG560427MVZRRL05"),
    ("pesel", r"[0-9]{11}", ids.is_pesel, "44051401359", "44051401358"),
    ("nir", r"[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}", ids.is_nir, "2 55 08 14 168 025 38", "2 55 08 14 168 025 39"),
    ("ahv", r"756[. -]?[0-9]{4}[. -]?[0-9]{4}[. -]?[0-9]{2}", ids.is_ahv, "756.9217.0769.85", "756.9217.0769.86"),
    ("sin", r"[0-9]{3}[ -][0-9]{3}[ -][0-9]{3}", ids.is_sin, "046-454-286", "046-454-287"),
    ("aadhaar", r"[2-9][0-9]{3}[ -][0-9]{4}[ -][0-9]{4}", ids.is_aadhaar, "3675 9834 6016", "3675 9834 6013"),
    ("hetu", r"[0-3][0-9][01][0-9]{3}[-+ABCDEFUVWXY][0-9]{3}[0-9A-FHJ-NPR-Y]", ids.is_hetu, "131052-308T", "131052-308A"),
    ("personnummer", r"(?:19|20)?[0-9]{2}[01][0-9][0-3][0-9][-+][0-9]{4}", ids.is_personnummer, "811218-9876", "811218-9877"),
    ("chinese_id", r"[1-8][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx]", ids.is_chinese_id, "11010519491231002X", "110105194912310021"),
    ("codice_fiscale", r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]", ids.is_codice_fiscale, "RSSMRA85T10A562S", "RSSMRA85T10A562T"),
    ("belgian", r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}", ids.is_belgian, "85.07.30-033.28", "85.07.30-033.29"),
    ("rut", r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9Kk]", ids.is_rut, "12.345.678-5", "12.345.678-6"),
    ("cuit", r"(?:20|2[3-7]|30|33|34)-[0-9]{8}-[0-9]", ids.is_cuit, "20-12345678-6", "20-12345678-7"),
    ("korean", r"[0-9]{2}[01][0-9][0-3][0-9]-[1-8][0-9]{6}", ids.is_korean, "820701-2409181", "820701-2409185"),
)  # fmt: skip

_NAMES = (
    r"cpf|cnpj|rg|nino|ni[ _-]?(?:number|no)|national[ _-]?insurance(?: number)?|dni|nie|nif|curp|pesel|nip|nir|insee"
    r"|s(?:e|\x{e9})curit(?:e|\x{e9}) sociale|ahv(?:-nr)?|avs|social insurance(?: number)?|aadhaar|uidai|pan|hetu"
    r"|henkil(?:o|\x{f6})tunnus|ssn|itin|ein|bsn|sofinummer|personnummer|personal[ _-]?(?:id|number)|f(?:o|\x{f8})dselsnummer|cpr"
    r"|steuer-?(?:id|nummer)|tax[ _-]?(?:id|number|payer[ _-]?id)|tin|passport(?:[ _-]?(?:no|number|nr)\.?)?|passeport|pasaporte|reisepass"
    r"|personalausweis|ausweis(?:nummer)?|id[ _-]?card|identity[ _-]?(?:card|number)|driver'?s?[ _-]?licen[cs]e|driving[ _-]?licen[cs]e"
    r"|codice[ _-]?fiscale|partita iva|nhs(?: number| no)?|medicare|tfn|abn|rut|cuit|cuil|rodn(?:e|\x{e9}) (?:c|\x{10d})(?:i|\x{ed})slo|cnp|egn|oib"
    r"|jmbg|imsi|iccid|nric|pps[ _-]?(?:no|number)?|tckn|tc kimlik|rrn|my ?number|national[ _-]?id|citizen[ _-]?id|krankenversichertennummer|sozialversicherungsnummer"
)
_PHONE_NAMES = (
    r"tel(?:efon[oe]?|efoon|ephone)?|(?:tele)?phone(?:[_ ]?n(?:umbe)?r?)?|mobile?|cell(?:ular|phone)?|msisdn|fax|portable|handy|rufnummer"
    r"|t(?:e|\x{e9})l(?:(?:e|\x{e9})phone)?|tel(?:e|\x{e9})fono|m(?:o|\x{f3})vil|celular|telem(?:o|\x{f3})vel|puhelin|telefonnummer|gsm|sms to|sms an|whatsapp"
    r"|callback|caller|callee|called|calling|call|dial(?:led|ed|ing)?|appel(?:er)?|rufen|zadzwo(?:n|\x{144})|телефон|номер|тел|电话|手机|電話|携帯|전화"
)

_NATIONAL_PHONE = (
    r"00[1-9][0-9]{1,2}[ -][1-9][0-9]{1,3}[ -][0-9]{3,8}(?:[ -][0-9]{2,4}){0,2}|0[1-9](?:[ .-][0-9]{2}){4}|0[0-9]{1,4}[ /-][0-9]{6,8}|0[0-9]{2,4} [0-9]{3,4} [0-9]{3,4}"
    r"|0[0-9]{2,3}[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}|0[0-9]{1,3}-[0-9]{4}-[0-9]{4}|0[0-9]{1,2} [0-9]{4} [0-9]{4}"
    r"|1[ .-][2-9][0-9]{2}[ .-][2-9][0-9]{2}[ .-][0-9]{4}|[2-9][0-9]{2}\.[2-9][0-9]{2}\.[0-9]{4}|1[3-9][0-9] [0-9]{4} [0-9]{4}"
)

GATES = (
    "|".join(
        (
            rf"(?:^|[^0-9A-Za-z_.+/-])(?:{_NATIONAL_PHONE}|[0-9]{{11}}|[12][0-9]{{14}})(?:[^0-9A-Za-z_]|$)",
            r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]|[0-9]{2}\.[0-9]{3}\.[0-9]{3}[-/A-Z]|(?:^|[^0-9])[0-9]\.[0-9]{3}\.[0-9]{3}-",
            r"[A-Z]{2}[ -]?[0-9]{2} ?[0-9]{2} ?[0-9]{2}[ -]?[A-D]|[0-9]{8}[ -]?[A-Z](?:[^A-Za-z0-9]|$)|[XYZ][ -]?[0-9]{7}[ -]?[A-Z]",
            r"[A-Z]{4}[0-9]{6}[HMX]|[A-Z]{6}[0-9]{2}[A-T][0-9]{2}[A-Z]|[^0-9A-Za-z_.-][12] [0-9]{2} [0-9]{2} |^[12] [0-9]{2} [0-9]{2} ",
            rf"{_START}756[. -]?[0-9]{{4}}[. -]?[0-9]{{4}}[. -]?[0-9]{{2}}{_END}",
            r"(?:\+|00)[1-9][0-9]{0,2}[ .-]?\(0\)|\((?:0[1-9][0-9]{0,3}|[1-9][0-9]{1,3})\)[ -]?[0-9]{2}",
        )
    ),
    "|".join(
        (
            rf"{_START}(?:[0-9]{{3}}[ -][0-9]{{3}}[ -][0-9]{{3}}|[2-9][0-9]{{3}}[ -][0-9]{{4}}[ -][0-9]{{4}}){_END}",
            r"[0-3][0-9][01][0-9]{3}[-+A-Y][0-9]{3}[0-9A-Y]|[0-9]{6}[-+][0-9]{4}(?:[^0-9]|$)|[0-9]{6}-[1-8][0-9]{6}",
            rf"{_START}[1-8][0-9]{{5}}(?:18|19|20)[0-9]{{9}}[0-9Xx]{_END}",
            r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}|[23][0-9]-[0-9]{8}-",
            r"(?i:[a-z0-9]\s*[(\[{<]\s*(?:at|a|arroba|chez|\x{e4}t)\s*[)\]}>]|\sat\s+[a-z0-9-]+\s+dot\s|_at_[a-z0-9-]+_dot_|[a-z0-9]\s+@\s+[a-z0-9])",
            r"[A-Za-z0-9](?:&#(?:64|[xX]40);|&commat;|\\+u0040|\\+x40|%(?:25){0,2}40)[A-Za-z0-9-]",
        )
    ),
    r"주민등록번호|身份证|身份證|マイナンバー|паспорт|снилс|инн\s*:|(?i:(?:^|[^a-z0-9_])sin[^0-9]{1,12}[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}(?:[^0-9]|$))|"
    rf"(?i:\b(?:{_NAMES})\\*[\"']?[^A-Za-z0-9]{{1,4}}(?:(?:is|nr|no|number)[^A-Za-z0-9]{{1,3}})?[A-Za-z]{{0,5}}[0-9][0-9A-Za-z ./-]{{4}}"
    rf"|(?:^|[^a-z])(?:{_PHONE_NAMES})\\*[\"']?[^A-Za-z0-9]{{1,4}}(?:(?:to|at|is|from)[^A-Za-z0-9]{{1,3}})?\(?\+?[0-9][0-9 ()./-]{{7}})",
)
"""Every row below; what the digits are is asked of some, so these belong to the shapes."""
GATE = "|".join(GATES)


def _is_number_of_a_person(value: str) -> bool:
    return sum(c.isdigit() for c in value) >= (4 if value[:1].isalpha() else 6)


def _is_phone(value: str) -> bool:
    return 8 <= sum(c.isdigit() for c in value) <= 15


_CHECKED = tuple((re2.compile(pattern), check) for _, pattern, check, _, _ in _NUMBERS)


def _is_national_number(value: str) -> bool:
    """Some state gives out numbers of this form with these check digits."""
    return any(form.fullmatch(value) is not None and check(value) for form, check in _CHECKED)


_HOST = r"[A-Za-z0-9\x{80}-\x{effff}-]+"
_ESCAPE = (
    r"(?:\\+u00[0-7][0-9A-Fa-f]|\\+x[2-7][0-9A-Fa-f]|&#(?:[0-9]{2,3}|[xX][0-9A-Fa-f]{2});|%(?:25){0,2}[2-7][0-9A-Fa-f])"
)
_CHARACTER = rf"(?:{_ESCAPE}|[A-Za-z0-9_+\x{{80}}-\x{{effff}}-])"

_SIGN = r"(?:&#(?:64|[xX]40);|&commat;|\\+u0040|\\+x40|%(?:25){0,2}40)"

ADDRESS_RULES = (
    Rule(
        "email_escaped",
        rf"(?P<v>(?:(?:{_CHARACTER}|\.)+{_SIGN}|(?:{_CHARACTER}|\.)*{_ESCAPE}(?:{_CHARACTER}|\.)*@)"
        rf"(?:{_CHARACTER}+(?:\.|%2[eE]|\\+u002[eE]|&#46;|&period;))+(?:{_ESCAPE}|[A-Za-z\x{{80}}-\x{{effff}}]){{2,24}})",
        EMAIL,
        ("mail alice&#64;example.com", "alice\\u0040example.com", "alice%2540example.com"),
        ("a&#64;b",),
        ("@", "%40", "%2540", "&#64;", "&#x40;", "&commat;", "u0040", "x40", "%252540"),
        check=is_address_of_a_person,
        pseudonym=True,
        needs=("%&@\\",),
    ),
    Rule(
        "email_obfuscated",
        rf"(?i)\b[A-Za-z0-9._%+-]+\s*[(\[{{<]\s*(?:at|a|arroba|chez|\x{{e4}}t)\s*[)\]}}>]\s*{_HOST}"
        rf"(?:\s*(?:[(\[{{<]\s*(?:dot|punkt|point|punto|ponto|d)\s*[)\]}}>]|\.)\s*{_HOST})+",
        EMAIL,
        ("alice (at) example (dot) com", "alice[at]example[dot]com", "alice{at}example.com"),
        ("array[at] index",),
        ("at", "(a)", "[a]", "arroba", "chez", "t)", "t]", "t}", "t>"),
        check=is_address_of_a_person,
        pseudonym=True,
        needs=(
            "([{<",
            ")]}>",
        ),
    ),
    Rule(
        "email_spoken",
        rf"(?i)\b(?:[A-Za-z0-9._%+-]+\s+at\s+{_HOST}(?:\s+dot\s+{_HOST})+|[A-Za-z0-9.%+-]+_at_[A-Za-z0-9-]+(?:_dot_[A-Za-z0-9-]+)+)",
        EMAIL,
        ("write to alice at example dot com", "alice_at_example_dot_com"),
        ("look at dot files",),
        (" at ", "_at_"),
        check=is_address_of_a_person,
        pseudonym=True,
    ),
    Rule(
        "email_spaced",
        rf"\b[A-Za-z0-9._%+-]+\s+@\s+{_HOST}(?:\s*\.\s*{_HOST})*\s*\.\s*[A-Za-z]{{2,24}}\b",
        EMAIL,
        ("alice @ example . com", "alice @ example.com"),
        ("a @ b",),
        ("@",),
        check=is_address_of_a_person,
        pseudonym=True,
        needs=(
            "@",
            ".",
        ),
    ),
)

RULES = (
    Rule(
        "national_named",
        rf"(?i)\b(?:{_NAMES})\\*[\"']?(?:\s*[:=#]\s*|\s+(?:is|nr\.?|no\.?|number)?\s*:?\s*)\\*[\"']?(?P<v>(?:[A-Z]{{0,3}}[0-9]|[A-Z]{{5}}[0-9])[0-9A-Z ./-]{{3,20}}[0-9A-Z])",
        SSN,
        ("CPF: 12345678900", "passport C01X00T47", '"bsn":"123456789"', "Steuer-ID 44060505821", "PAN: ABCPE1234F", "imsi 262011234567890", "PPS number 1234567T", "passport no. C01X00T47"),
        ("sin: 0.5", "pan: 3"),
        (),
        _is_number_of_a_person,
        gate=GATE,
    ),
    Rule(
        "national_named_other",
        r"(?:주민등록번호|身份证号?码?|身份證號?碼?|マイナンバー|паспорт|снилс|инн)\s*[:：=]?\s*(?P<v>[0-9A-Z][0-9A-Zx ./-]{5,20}[0-9A-Zx])",
        SSN,
        ("주민등록번호: 850730-1234567", "身份证号：110105198507747381", "паспорт 4510 123456"),
        ("паспорт не найден",),
        ("주민", "身份", "マイ", "паспорт", "снилс", "инн"),
        _is_number_of_a_person,
        needs=("\x80",),
    ),
    Rule(
        "sin_named",
        r"(?i)(?:^|[^A-Za-z0-9_])sin(?:[ _-]?(?:number|no\.?))?\\*[\"']?(?:\s*[:=#]\s*|\s+(?:is\s+)?)\\*[\"']?(?P<v>[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3})(?:[^0-9]|$)",
        SSN,
        ("SIN: 046454286", '"sin":"046-454-286"'),
        ("sin=18446744", "sin: 0.5"),
        ("sin",),
        ids.is_luhn,
    ),
    Rule(
        "national_number",
        rf"{_START}(?P<v>{'|'.join(pattern for _, pattern, *_ in _NUMBERS)}){_END}",
        SSN,
        tuple(f"customer {example} not found" for *_, example, _ in _NUMBERS),
        tuple(f"value {wrong}" for *_, wrong in _NUMBERS),
        (),
        _is_national_number,
        repeat=True,
        gate=GATE,
    ),
    Rule(
        "phone_trunk",
        rf"{_START}(?P<v>(?:\+|00)[1-9][0-9]{{0,2}}[ .-]?\(0\)(?:[ ./-]?[0-9]{{1,8}}){{1,6}}){_END}",
        PHONE,
        ("call +44 (0)20 7946 0958", "+49 (0) 170 1234567", "0041 (0)44 668 18 00"),
        ("+1 (0)",),
        ("(0)",),
        _is_phone,
        repeat=True,
        needs=('(', ')',),
    ),
    Rule(
        "phone_area_in_brackets",
        rf"{_START}(?P<v>(?:[178][ -]?)?\((?:0[1-9][0-9]{{0,3}}|[1-9][0-9]{{1,3}})\)[ -]?[0-9]{{2,5}}(?:[ -]?[0-9]{{2,4}}){{1,3}}){_END}",
        PHONE,
        ("(11) 91234-5678", "(030) 90182000", "8 (912) 345-67-89", "(02) 9876 5432"),
        ("f(12) 34",),
        ("(",),
        _is_phone,
        repeat=True,
        gate=GATE,
        needs=('(', ')',),
    ),
    Rule(
        "phone_national",
        rf"{_START}(?P<v>{_NATIONAL_PHONE}){_END}",
        PHONE,
        (
            "06 12 34 56 78", "020 7946 0958", "07911 123456", "0171/2345678", "070-123 45 67", "06-12345678", "090-1234-5678",
            "415.555.2671", "1-415-555-2671", "044 668 18 00",
            "0049 170 1234567",
        ),
        ("0.12 34", "2015-07-29", "0 12 34"),
        (),
        _is_phone,
        repeat=True,
        gate=GATE,
        needs=(' ./-',),
    ),
    Rule(
        "phone_named_anywhere",
        rf"(?i)(?:^|[^a-z])(?:{_PHONE_NAMES})\\*[\"']?[^A-Za-z0-9+(]{{1,4}}(?:(?:to|at|is|from)[^A-Za-z0-9+(]{{1,3}})?(?P<v>\(?\+?[0-9](?:[ ()./-]{{0,2}}[0-9]){{7,14}})(?:[^0-9A-Za-z_-]|$)",
        PHONE,
        ("móvil: 612 345 678", "callback 5551234567", "手机：13812345678"),
        ("call 12", "dial tcp refused"),
        (),
        _is_phone,
        gate=GATE,
    ),
)  # fmt: skip
