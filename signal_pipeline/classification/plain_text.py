"""Lines of free text that are no record of what happened: code, comments, help, markup and prose about errors.

They are printed into build logs (scripts, settings, read-me files) and hold the words of errors. Tables only.
"""

from __future__ import annotations

from signal_pipeline.classification.error_words import Wording

NOT_A_RECORD: tuple[Wording, ...] = (
    Wording(
        "comments",
        r"^\s*(?:#+(?:!|\s|$|-)|//+(?:\s|$)|/\*|\*/|\*\s|--\s|;+\s|\"\"\"|'''|<!--|(?-i:REM|rem|dnl|\.\\\")\s|%+\s)",
        "# failed cases are tried again",
    ),
    Wording(
        "markup",
        r"^\s*(?:[-+•▪◦‣o]\s+[^\s]|(?-i:[a-z]{1,2}\.\s+[A-Z][a-z]*\s)|\|.*\|\s*$|\.\. [a-z-]+::|={3,}|~{3,}|</?[a-z"
        r"][a-z0-9]*[ >/]|[-*_]{3,}\s*$|:[a-z_-]+:"
        r"|\[[^\]]+\]\(|\[?[0-9]{1,3}[.)\]]\s+[A-Za-z])|^\s*[*_`]{1,2}[^\s*_`].*[*_`]{1,2}\W*$|``",
        "- Fixed a crash on start",
    ),
    Wording(
        "help",
        r"^\s+-{1,2}[A-Za-z0-9?][\w-]*(?:[ ,=\[<]|$)|^\s*(?:usage|synopsis|options|example|examples|note|see also"
        r"|description|changes|changelog|todo|copyright|license)\b ?:|^\s*--?[a-z][\w-]*[ =]",
        "  --fail-fast   stop at the first error",
    ),
    Wording(
        "code",
        r"[{;]\s*$|^\s*[})\]]+[;,]?\s*$|(?:&&|\|\||\\)\s*$|\$[({][A-Za-z_]|\bthen\s*$|;\s*(?:then|fi|do|done|exit)\b"
        r"|^\s*(?:if|elif|while|until) (?:\[|!|test |\(|[a-z_]+ )|^\s*(?:fi|done|esac|else|do|then|return|exit|trap|set"
        r"|export"
        r"|local|source|import|from|def|class|function|const|let|var|public|private|static|void|int|struct|enum|cas"
        r"e|for"
        r"|switch|try|except|catch|finally|raise|throw|with|assert|yield|async|await|del|pass|echo|printf|print|die"
        r"|log|fail|error|warn)(?:\s*\(|\s+[\"'$\[{(-]|\s*$)"
        r"|^\s*(?:return|raise|throw|def|class|import|export|local) [^\s:]"
        r"|^\s*[\w.$\[\]\"'-]+\s+(?:\+|\||:|-)?=\s+[^\s=]|^\s*@[\w.]+(?:\(|\s*$)"
        r"|^\s*[\w.-]+\(\)\s*\{?\s*$|^\s*[\w.]+\([^)]*\)\s*[;{]$",
        'if [ -z "$A" ]; then fail "A is not set"; fi',
    ),
    Wording(
        "settings",
        r"^\s*[\w.\"'/-]+:\s*(?:[{|>&*\[]\s*$|true\s*$|false\s*$|null\s*$|yes\s*$|no$|ignore\s*$|always\b|never\b)"
        r"|^\s*(?:[A-Z][A-Za-z-]+): (?:[^\s]+@|https?:)"
        r"|^\s*(?-i:[a-z][A-Za-z0-9-]*(?:\.[a-z][A-Za-z0-9-]*){1,5})\s*$",
        "on_error: ignore",
    ),
    Wording(
        "prose",
        r"(?:^|[\s(\"'])(?:if|when|whether|unless|until|you|your|we|they|will|would|may|might|should|must|shall|can|whenever"
        r"|because|these|those|other|instead|also|any|using|used|use|uses|default|e\.g\.,?"
        r"|i\.e\.,?|allows?|ensures?|avoids?|prevents?|fix(?:e[sd])?|adds?|added|removes?|removed|changed?|support("
        r"?:s|ed)?"
        r"|how|where|while|since|about|like|their|its|but|or|then|each|every|see|please)"
        r"(?:[\s,.;:)\"']).{0,400}(?:^|[\s(\"'])(?:if|when|whether|unless|you|your|we|they|will|would|may|might|sho"
        r"uld|must"
        r"|shall|can|be|because|which|these|those|other|instead|also|any|using|used|use|default"
        r"|the|that|this|a|an|of|are|how|where|while|since|about|like|their|its|but|or|then|each|every)(?:[\s,.;:)"
        r"\"']|$)"
        r"|[a-z]\.\s+[A-Z][a-z]+ [a-z]|^there (?:are|were|is) (?:some|two|three|several|many|an?|also)\b|^(?:licens"
        r"e|licence): "
        r"|\bnow (?:returns?|treats?|supports?|uses?|prints?|handles?|emits?|reports?|possible)\b|\bshould now\b"
        r"|^we (?:now |also )?[a-z]+ |^new ['`\"]?[\w-]+['`\"]? (?:option|command|builtin|function|feature)",
        "An error is raised if the file does not exist when you open it.",
    ),
)
