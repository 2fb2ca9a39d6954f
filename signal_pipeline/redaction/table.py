"""The ordered table of redaction rules and its version. Order matters: the specific before the general.

Changelog
    2026.1  first table
    2026.2  mailgun keys by their prefix alone; the gate sees "session id: x" and "session id is x"
    2026.3  forms that stay (`rules.kept`): names of units, pods and files, versions, traces, checksums, counts
    2026.4  addresses are numbered; those of the own host, masks and shared folders stay
    2026.5  prose in twenty languages, arguments of commands, dialogues of servers, statements, calls, terms, numbers of
            persons with check digits, keys as labels, segments and names of parameters; hex, base32 and UTF-16
    2026.6  words and brackets between "password" and its value, more commands, protocols on the wire, variables of
            images and shells, text spelled in numbers; addresses of repositories, checksums and versions stay
    2026.7  tabs and line ends in hex; passwords before an extension, and after words with letters outside ASCII;
            versions and processors of packages stay
    2026.8  keys of vendors are masked before all other rows and keep their vendor after a name too;
            more forms that stay: configuration, checksums, commits, variables, homes of services;
            passwords glued to their option, set by `config`, in nested objects, tagged blocks and more wordings
    2026.9  cells of tables by column and by name, also over many records; data of a Secret of Kubernetes,
            `INSERT ... SELECT`, aliases, here documents, triple quotes, typed values, variables of Terraform,
            Oracle's short addresses;
            letters of chance with the ending of a word count as a password more often
    2026.10 secrets that words announce, cells of HTML tables, rows of JSON below a list of names, markup, fields that a
            test fills in, hashes of passwords, arguments written as a list, more commands and configuration of servers;
            text as numbers of bytes, base85, hex of UTF-16, literals joined by an operator; defaults of shell variables
"""

from __future__ import annotations

from signal_pipeline.redaction.rules import (
    announced,
    blobs,
    commands,
    credentials,
    identity,
    markup,
    named_secrets,
    personal,
    places,
    prose,
    protocols,
    spoken,
    statements,
    structures,
    traces,
    vendor_keys,
)
from signal_pipeline.redaction.rules.rule import Rule

VERSION = "2026.10"

RULES: tuple[Rule, ...] = (
    *credentials.KEY_RULES,
    *personal.PLAIN_RULES,
    *named_secrets.HEADER_RULES,
    *credentials.RULES,
    *markup.RULES,
    *structures.RULES,
    *statements.RULES,
    *named_secrets.VALUE_RULES,
    *prose.RULES,
    *commands.RULES,
    *protocols.RULES,
    *spoken.RULES,
    *announced.RULES,
    *traces.RULES,
    *vendor_keys.RULES,
    *identity.ADDRESS_RULES,
    *personal.RULES,
    *identity.RULES,
    *places.RULES,
    *blobs.RULES,
)

COMMON_RULES: tuple[Rule, ...] = (
    *named_secrets.HEADER_RULES,
    *named_secrets.VALUE_RULES,
    *prose.RULES,
    *personal.PLAIN_RULES,
    *personal.RULES,
    *places.RULES,
    *blobs.RULES,
)
"""What most logs give occasion to ask."""
