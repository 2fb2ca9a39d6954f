"""Words that stand where a password could: "Passwort: falsch", "password is case-sensitive". Tables, no judgement."""

from __future__ import annotations

# "There is none", "it is wrong", in the languages in which passwords are asked for.
FOREIGN_STATUS = frozenset(
    "incorrect incorrecte invalide expire expiré expirée oublie oublié manquant requis vide incorrecto incorrecta invalida"
    " inválida inválido caducada caducado olvidada requerida vacía falsch ungültig ungueltig abgelaufen leer vergessen fehlt"
    " erforderlich geändert nicht неверный неверен неправильный истек пустой неизвестен не изменен błędne bledne"
    " nieprawidłowe nieprawidlowe wygasło puste onjuist ongeldig verlopen leeg vergeten fel felaktigt ogiltigt saknas"
    " errata errato scaduta scaduto non valida sbagliata vuota incorreto incorreta expirada vazia obrigatória"
    " não nao nie niet inte ikke 错误 不正确 无效 过期 必填".split()
)  # fmt: skip

# What is said of a password after "is".
SAID = frozenset(
    "blank weak strong case being about correct right good bad same different as ready secure insecure safe unsafe visible"
    " due over stale fine kept stored sent still also now hashed salted used using in-use mandatory compromised mine ours"
    " yours his hers theirs their our my her its here there where when what who how why which while because since until"
    " after before during than then so if else just more less most least very really always often once twice again any"
    " some all both each every either neither between within without against through policy rules file field input value"
    " manager based check hash reset prompt login user users name account server database service client request"
    " authentication authorization combination confirmation protection encryption generator length field fields hint"
    " prompt change expiry mismatch screen form box link page mail email strength recovery history hashes"
    " suggested resolved exactly likely unlikely logged joined reused quoted obtained adjusted affected excluded avoided swapped"
    " unreadable unreliable obvious acquired injected upgraded audited synchronized flagged tagged queued involved enhanced safely"
    " awaited examined advised outgoing available unavailable usable unusable acceptable changeable readable complete done over finished run response message key token secret password passwords passphrase session cookie auth".split()
)
