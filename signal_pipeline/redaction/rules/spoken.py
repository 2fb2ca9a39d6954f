"""Passwords in sentences, in the languages in which logs and people write: "le mot de passe est x", "пароль: x".

The words are those for passwords and one-time codes; what counts as a value is judged in `words.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from signal_pipeline.redaction.checks import is_prose_secret
from signal_pipeline.redaction.rules.kept import NAMED, PROSE, kept
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import SECRET, is_sealed
from signal_pipeline.redaction.words import is_expected_secret, is_lone_secret, is_said, is_said_secret

ENGLISH = r"pass[ _-]?(?:word|phrase|code|wd)|assword|pwd|pw|pswd"
LATIN = (
    r"passwor[dt]|kennwort|losungswort|contrase(?:n|\x{f1}|n\x{303})(?:a|ya)|clave(?: de acceso| secreta)?"
    r"|mot[ _-]de[ _-]passe|mdp|code secret|senha|palavra[- ]passe|chave de acesso|has(?:l|\x{142})[oaeu]m?|wachtwoord"
    r"|toegangscode|l(?:o|\x{f6})senord(?:et)?|parol(?:a|\x{103})(?: d'ordine| chiave)?|adgangskode|kodeord|passord"
    r"|salasana(?:nsa|nasi|si)?|tunnussana|hesl[oaeu]m?|(?:\x{15f}|s)ifre(?:niz|miz|m|si|n)?|jelsz(?:o|\x{f3}|av[a-z]*)|geslo|lozinka|parool|slapta[z\x{17e}]odis|kata sandi"
    r"|m(?:a|\x{1ead})t kh(?:a|\x{1ea9})u|salas(?:o|\x{f5})na"
)
OTHER = (
    r"парол[а-я]*|код[а-я]* доступ[а-я]|кодовое слово|пассворд|гасл[оа]|лозинка|κωδικ[\x{3b1}-\x{3ce}]+(?: πρόσβασης)?|συνθηματικ[όο]"
    r"|密码|密碼|口令|暗証番号|パスワード|비밀번호|암호|كلمة ?(?:ال)?(?:مرور|سر)|סיסמה|סיסמא|पासवर्ड|รหัสผ่าน"
)
_WORDS = {
    "": (
        rf"(?:{ENGLISH}|{LATIN})(?:s|en|et|n)?",
        ("pass", "pwd", "pw", "pswd", "kennwort", "losung", "contrase", "clave", "mot", "mdp", "code", "senha", "palavra", "chave", "has",
         "wachtwoord", "toegang", "senord", "parol", "adgang", "kodeord", "tunnus", "hesl", "ifre", "jelsz", "geslo", "lozinka",
         "slapta", "kata", "kh", "salas", "assw"),
    ),
    "_other": (rf"(?:{OTHER})", ()),
}  # fmt: skip
"""Words, and the literals of which one must occur; other alphabets have capitals that a search for bytes does not know."""
WORD_TRIGGERS = _WORDS[""][1]
_ANY_WORD = rf"(?:(?:{ENGLISH}|{LATIN})(?:s|en|et|n)?|{OTHER})"
_BEFORE = r"(?i)(?:^|[^A-Za-z0-9_])"
_CLOSED = r"\\*[\"'`\])»”’“]{0,2}"
_FOR = (
    r"(?:\s+(?:for|of|to|de|du|des|del|della|di|do|da|para|per|pour|von|vom|f(?:\x{fc}|ue)r|van|voor|f(?:\x{f6}|o)r|till"
    r"|til|dla|для|за|user|utilisateur|usuario|benutzer|gebruiker|пользователя|користувача|u(?:z|\x{17c})ytkownika|u(?:z|\x{17e})ivatele|brukeren?|anv(?:a|\x{e4})ndaren?|dvs\.|dumneavoastr(?:a|\x{103}))"
    r"(?:\s+[^\s:=]{1,40}){0,3})?"
)
_JUDGED = (
    r"(?:\s+(?:incorrect[aeo]?|incorret[ao]|inv(?:a|\x{e1})lid[aeo]?|falsch|rejected|refused|entered|given|was|used|errat[ao]|actuel|saisi"
    r"|temporaire|provisoire|initiale?|actual|atual|temporal|inicial|provis(?:o|\x{f3})ri[ao]|aktuell|tymczasowe|tijdelijk|временный))?"
)
_LINK = r"\s*(?::=|={1,3}>?|:{1,2}|-{1,2}>|→|⇒|\s--?\s|\s[–—]\s)\s*"
_OPEN = r"\\*[\"'`«“„”‘‚(\[]{0,2}"
_VALUE = r"(?P<v>[^\s\"'`«»“”„’‘;,)\]]{3,})"
_COPULA = (
    r"(?:(?:is|was|will be)(?: now| still| currently| again)?|remains|stays|este|luidt|luidde|are|set to|changed to|reset to|now|est|es|era|ist|war|lautet|lautete|jest|to|(?:\x{e9}|\x{e8}|e')"
    r"|(?:\x{e4}|a)r|er|on|(?:\x{e9}|e)tait|era|é|è|это|—|является|будет|был|стал|είναι|olan|yra|je)"
)
_CJK_LINK = r"\s*(?:是|为|為|：|:|=|は|는|은)?\s*"

GATE = (
    rf"(?i:(?:^|[^A-Za-z0-9_])(?:{ENGLISH}|{LATIN})(?:s|en|et|n)?\\*[\"'`\])]{{0,2}}(?:\s*[:=>(\[;,|-]|\s+[\"'`(\[a-z0-9+/=~$!@#%&*.\x{{80}}-\x{{10ffff}}]"
    r"[^\s]*)|(?:^|[^A-Za-z0-9_])pass\s+(?:is|was)\s"
    r"|[0-9] (?:is|as) (?:your|the|a) |\b(?:m?totp|cv[vcn]2?|mtan)[\s:=]|(?:otp|auth[a-z]*|grant:?|one[ -]time)\s+code\b|(?:credentials?|creds|user(?:name)?/pass[a-z]*|login/pass[a-z]*|log(?:ged)? in as)[^\n]{0,8}\s[^\s]+\s*[/:|])"
)
"""Every row below that matches a text in ASCII."""
FOREIGN_GATE = (
    rf"(?i:{OTHER}|[\x{{80}}-\x{{24f}}]\s+[^\s]|[«»“”„‘’–—→：]|contrase|has\x{{142}}|mot de|code|código|код\s)"
)

OTHER_GATE = rf"(?i:{OTHER})"


def _is_assigned(value: str) -> bool:
    """No folder either: `PWD=/srv` is where a shell works."""
    return not (is_sealed(value) or is_said(value, by_suffix=False) or value.startswith(("/", "~/", "<")))


# name, what is between a word and the value, what may be the value, its judgement, examples, harmless
_FORMS = (
    (
        "assigned",
        rf"{_CLOSED}{_FOR}{_JUDGED}{_LINK}{_OPEN}{_VALUE}",
        _is_assigned,
        (
            "pw: hunter", "mot de passe : hunter", "Kennwort für alice: hunter", "Password for user alice: hunter", "hasło: hunter",
            "PASSWORD -> hunter", "senha incorreta: hunter", "mot de passe actuel : hunter",
        ),
        ("password: incorrect", "pass: ok", "Passwort: falsch", "PASS: TestServerShutdown (0.01s)", "PWD=/var/tmp"),
        ("пароль = hunter", "пароль користувача: hunter"),
        ("пароль: неверный",),
    ),
    (
        "is",
        rf"{_FOR}{_JUDGED}\s+(?:was\s+|has been\s+)?{_COPULA}\s*:?\s+{_OPEN}{_VALUE}",
        is_said_secret,
        (
            "the password is hunter", "le mot de passe est hunter", "das Passwort lautet hunter", "hasło to hunter",
            "password was set to hunter", "a senha é hunter", "lösenordet är hunter",
        ),
        ("password is wrong", "the password was rejected", "password is too short", "das Passwort ist falsch"),
        ("пароль это hunter",),
        (),
    ),
    (
        "alone",
        rf"(?:{_CLOSED})(?:\s+(?:using|with))?{_JUDGED}\s*[\s(\[,]\s*{_OPEN}(?P<v>[^\s\"'`«»“”„’‘;,:=)(\]\[<>{{}}]{{6,}})",
        is_lone_secret,
        (
            "with password xkqzjwvb refused", "pw Xk3jq9Lp refused", "mot de passe saisi (xkqzjwvb)", "[password] xkqzjwvb",
            "password xkqzjwvb.log",
        ),
        ("password manager", "password for user1234", "Accepted password for root", "password settings.json"),
        ("пароль Xk3jq9Lp не подходит", "пароль dwuvetaspozg не подходит", "пароль для входа Xk3jq9Lp"),
        ("пароль пользователя root", "пароль Windows не подходит"),
    ),
)  # fmt: skip


def _forms() -> Iterator[Rule]:
    for name, rest, check, positives, negatives, other, other_negatives in _FORMS:
        for kind, (word, triggers) in _WORDS.items():
            shown, harmless = (other, other_negatives) if kind else (positives, negatives)
            between = r"(?:\s+[^\s!-~]{1,20}){0,3}" if kind and check is is_lone_secret else ""
            # A Latin word among words of another alphabet stands out: less has to speak for it.
            pattern, gate = f"{_BEFORE}{word}{between}{rest}", OTHER_GATE if kind else None
            judged = is_expected_secret if kind and check is is_lone_secret else check
            needs = ("\x80",) if kind else ("-:=\x80",) if name == "assigned" else ()
            yield Rule(
                f"spoken_{name}{kind}",
                pattern,
                SECRET,
                shown,
                harmless,
                triggers,
                judged,
                kept=kept(PROSE, NAMED),
                needs=needs,
                gate=gate,
            )


RULES = (
    *_forms(),
    Rule(
        "spoken_pass",
        r"(?:^|[^A-Za-z0-9_])[Pp]ass(?:\s+(?:is|was)\s*:?\s+)(?P<v>[^\s\"',;]{4,})",
        SECRET,
        ("his pass is hunter",),
        ("pass is complete: 12", "the pass was skipped"),
        ("pass",),
        lambda value: is_lone_secret(value) or (is_said_secret(value) and value.islower()),
    ),
    Rule(
        "spoken_expected",
        rf"(?i)(?:^|[^A-Za-z0-9_])(?:with|using|and|tried|try|entered|typed|sent|temporary|new|avec|mit|con|com|met|med|och|et|und|y|e)"
        rf"\s+(?:(?:the|my|his|her|a|le|la|das|dem|il|o)\s+)?{_WORDS[''][0]}\s+{_OPEN}(?P<v>[^\s\"'`«»“”„’‘;,:=)(\]\[<>{{}}]{{6,}})",
        SECRET,
        ("user alice and password qohckhxytspw", "mit Passwort qohckhxytspw"),
        ("with password authentication", "user and password combination", "new password required"),
        _WORDS[""][1],
        is_expected_secret,
    ),
    Rule(
        "spoken_quoted",
        rf"{_BEFORE}{_ANY_WORD}{_JUDGED}(?:\s+{_COPULA})?\s*:?\s*[«»“„”‘‚](?P<v>[^«»“”„’‘]+)",
        SECRET,
        (
            "password «hunter two» rejected",
            "Passwort „hunter“ abgelehnt",
            "mot de passe actuel « hunter »",
            "密码“hunter”错误",
        ),
        ("password “” rejected",),
        ("«", "»", "“", "„", "”", "‘", "‚"),
    ),
    Rule(
        "spoken_cjk",
        rf"(?:密码|密碼|口令|暗証番号|パスワード|비밀번호|암호){_CJK_LINK}[\"'“「『(]*(?P<v>[!#-&*-:<-~]{{4,}})",
        SECRET,
        ("密码是hunter", "密码为 hunter", "パスワードは hunter"),
        ("密码错误", "密码: null"),
        ("密", "口令", "暗", "パ", "비", "암"),
        is_said_secret,
    ),
    Rule(
        "spoken_pair",
        r"(?i)\b(?:credentials?|creds|user(?:name)?/pass(?:word)?|login/pass(?:word)?|logged in as|log in as)"
        r"(?:\s+are|\s+were|\s+is)?\s*:?\s+[A-Za-z0-9_.@+-]+(?:\s+/\s+|/|\s*:\s*|\s+\|\s+)(?P<v>[^\s/,;:|]{4,})",
        SECRET,
        ("credentials alice / hunter rejected", "creds: bob:hunter"),
        ("login page / index", "login failed: timeout", "credentials missing: timeout"),
        ("cred", "login/pass", "user/pass", "username/pass", "logged in", "log in"),
        is_said_secret,
        needs=("/:|",),
    ),
    Rule(
        "spoken_user_and_pass",
        r"(?i)\buser(?:name)?\s*[:=]\s*[^\s,;]+[,;]?\s+pass\s*[:=]\s*(?P<v>[^\s,;\"']{3,})",
        SECRET,
        ("user: bob, pass: hunter, host: x",),
        ("user: bob, pass: ok",),
        ("user",),
        is_said_secret,
        needs=(":=",),
    ),
    Rule(
        "spoken_grant",
        r"(?i)\b(?:otp|auth(?:orization|entication)?|invalid_grant:?|one[ -]time)\s+code(?:\s+(?:is|was))?\s*:?\s+[\"'`(]?"
        r"(?P<v>[A-Za-z0-9_.~+/=-]{6,})",
        SECRET,
        ("invalid_grant: code a8f7c2d9e1 was used", "the OTP code is a8f7c2d9e1"),
        ("invalid_grant: code expired", "auth code 500"),
        ("code",),
        is_prose_secret,
    ),
    Rule(
        "spoken_code_after",
        r"(?i)(?:^|[^0-9A-Za-z_.:-])(?:use )?(?P<v>[0-9]{3}[ -]?[0-9]{3}|[0-9]{4,8}) (?:is|as) (?:your|the|a) (?:[a-z]+ ){0,2}"
        r"(?:(?:verification|security|confirmation|activation|login|log-in|sign-in|access|one-time|2fa|authentication) (?:code|password|pin)|otp|passcode|pin)\b",
        SECRET,
        ("482913 is your verification code", "Use 482913 as your login code"),
        ("8080 is the default port", "42 is your answer"),
        (" is your ", " as your ", " is the ", " as the ", " is a ", " as a "),
    ),
    Rule(
        "spoken_code_named",
        r"(?i)(?:^|[^A-Za-z0-9_])(?:m?totp|cvv2?|cvc2?|cvn|mtan)(?:\s+(?:is|was|code))?\s*[:=]?\s+(?P<v>[0-9]{3,8})(?:[^0-9A-Za-z.]|$)",
        SECRET,
        ("TOTP 482913 invalid for alice", "CVV 813"),
        ("totp is missing", "cvc4 1.8"),
        ("totp", "cvv", "cvc", "cvn", "mtan"),
    ),
    Rule(
        "spoken_code",
        r"(?i)(?:code (?:de v(?:\x{e9}|e)rification|secret|de confirmation|de s(?:\x{e9}|e)curit(?:\x{e9}|e))"
        r"|c(?:\x{f3}|o)digo de (?:verificaci(?:\x{f3}|o)n|verifica(?:\x{e7}|c)(?:\x{e3}|a)o|seguridad|seguran(?:\x{e7}|c)a)"
        r"|(?:best(?:\x{e4}|ae)tigungs|sicherheits|verifizierungs|einmal)(?:code|passwort)|\bm?tan\b|verificatiecode"
        r"|verifieringskod|engangskode|codice di (?:verifica|sicurezza)|kod (?:weryfikacyjny|potwierdzaj(?:\x{105}|a)cy)"
        r"|код (?:подтверждения|проверки|доступа)|验证码|驗證碼|校验码|認証コード|인증번호|one[- ]time (?:code|pin)"
        r"|(?:2fa|mfa|sms|otp|totp|login|pin|security|access)[- ]?code)"
        r"[^0-9\n]{0,24}?(?P<v>[0-9]{3}[ -]?[0-9]{3}|[0-9]{4,8})(?:[^0-9]|$)",
        SECRET,
        ("code de vérification : 482913", "Ihr Bestätigungscode lautet 482913", "验证码：482913", "SMS code 482 913"),
        ("code 500", "error code 12345678"),
        ("code", "kod", "код", "tan", "einmal", "digo", "验", "驗", "校", "認", "인", "pin"),
    ),
)
