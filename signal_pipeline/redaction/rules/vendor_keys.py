"""Keys that vendors issue with a recognisable shape. One line per shape: vendor, pattern, example.

Lengths are lower bounds well under the real ones, and nothing is asked of what follows: a key cut
by a line end or glued to other text is still a key. Examples are built from parts so that no
scanner takes this file for a leak.
"""

from __future__ import annotations

from signal_pipeline.redaction.rules.rule import BORDER, Rule
from signal_pipeline.redaction.rules.shapes import UNREST
from signal_pipeline.redaction.tokens import key_token

_W = "A1b2C3d4E5f6G7h8J9k0"
_X = "a1b2c3d4e5f60718293a"
_U = "A1B2C3D4E5F6G7H8"
_D = "1234509876"

# vendor, pattern of the key, examples, literals of which one must occur (lower case)
SHAPES: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "aws",
        r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AROA|AIDA|AGPA|ANPA|ANVA|AIPA)[A-Z0-9]{12,}",
        ("AKIA" + _U, "ASIA" + _U),
        ("a3t", "akia", "asia", "abia", "acca", "aroa", "aida", "agpa", "anpa", "anva", "aipa"),
    ),
    (
        "aws",
        r"ABSK[A-Za-z0-9+/=]{20,}|bedrock-api-key-[A-Za-z0-9+/=]{12,}",
        ("ABSK" + _W + _W,),
        ("absk", "bedrock-api"),
    ),
    ("aws", r"amzn\.mws\.[0-9a-f-]{12,}", ("amzn.mws." + _X,), ("amzn.mws",)),
    (
        "github",
        r"gh[pousr]_[A-Za-z0-9]{10,}|github_pat_[A-Za-z0-9_]{10,}",
        ("ghp_" + _W, "github_pat_" + _W),
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    ),
    (
        "gitlab",
        r"gl(?:pat|ptt|dt|rt|rtr|cbt|ft|imt|agent|oas|soat|ffct|wt)-[A-Za-z0-9_.=-]{10,}"
        r"|GR1348941[A-Za-z0-9_-]{10,}|_gitlab_session=[0-9a-z]{8,}",
        ("glpat-" + _W, "glrt-" + _W),
        (
            "glp",
            "gldt-",
            "glr",
            "glcbt-",
            "glft-",
            "glimt-",
            "glagent-",
            "gloas-",
            "glsoat-",
            "glffct-",
            "glwt-",
            "gr1348941",
            "_gitlab_s",
        ),
    ),
    (
        "slack",
        r"xox[a-z]-[A-Za-z0-9-]{8,}|xox[a-z]\.[A-Za-z0-9.-]{8,}|xapp-[0-9]-[A-Za-z0-9-]{8,}|xwfp-[A-Za-z0-9-]{8,}",
        ("xoxb-" + _D + "-" + _W, "xapp-1-" + _W),
        ("xox", "xapp-", "xwfp-"),
    ),
    (
        "slack",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<v>[A-Za-z0-9+/_-]{8,})",
        ("https://hooks.slack.com/services/T0/B0/" + _W,),
        ("hooks.slack.com",),
    ),
    (
        "stripe",
        r"(?:sk|rk|pk)_(?:live|test|prod)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/=]{8,}",
        ("sk_" + "live_" + _W, "whsec_" + _W),
        ("sk_", "rk_", "pk_", "whsec_"),
    ),
    ("anthropic", r"sk-ant-[A-Za-z0-9_-]{8,}", ("sk-ant-api03-" + _W,), ("sk-ant-",)),
    (
        "openai",
        r"sk-(?:proj-|svcacct-|admin-|None-|or-v1-)?[A-Za-z0-9_-]{18,}|sess-[A-Za-z0-9]{20,}",
        ("sk-" + _W, "sk-proj-" + _W),
        ("sk-", "sess-"),
    ),
    (
        "google",
        r"AIza[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_.-]{10,}|GOCSPX-[A-Za-z0-9_-]{10,}|1//0[A-Za-z0-9_-]{20,}"
        r"|GOOG1[A-Z0-9]{10,}|[0-9]{6,}-[a-z0-9]{20,}\.apps\.googleusercontent\.com",
        ("AIza" + _W + _W[:15], "ya29." + _W, "GOCSPX-" + _W),
        ("aiza", "ya29.", "gocspx-", "1//0", "goog1", "googleuserc"),
    ),
    ("firebase", r"AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{20,}", ("AAAA" + "Abc1234:" + _W,), ("aaaa",)),
    ("npm", r"npm_[A-Za-z0-9]{10,}", ("npm_" + _W,), ("npm_",)),
    ("pypi", r"pypi-[A-Za-z0-9_-]{16,}", ("pypi-AgEI" + _W,), ("pypi-",)),
    ("rubygems", r"rubygems_[a-f0-9]{16,}", ("rubygems_" + _X,), ("rubygems_",)),
    ("cratesio", r"cio[A-Za-z0-9]{32}", ("cio" + (_W + _W)[:32],), ("cio",)),
    ("huggingface", r"(?:hf|api_org)_[A-Za-z0-9]{16,}", ("hf_" + _W,), ("hf_", "api_org_")),
    ("sendgrid", r"SG\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?", ("SG." + _W + "." + _W,), ("sg.",)),
    (
        "sendinblue",
        r"xkeysib-[a-f0-9-]{12,}[A-Za-z0-9-]*|xsmtpsib-[a-f0-9-]{12,}[A-Za-z0-9-]*",
        ("xkeysib-" + _X,),
        ("xkeysib-", "xsmtpsib-"),
    ),
    ("databricks", r"dapi[0-9a-f]{16,}(?:-[0-9])?|dkea[0-9a-f]{16,}", ("dapi" + _X,), ("dapi", "dkea")),
    (
        "azure",
        r"[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{16,}",
        ("abc8Q~" + _W,),
        tuple(f"{digit}q~" for digit in range(10)),
    ),
    ("azure", r"[?&]sv=[^\s\"'<>]*sig=(?P<v>[^&\s\"'<>]+)", ("x?sv=2020&sig=a%2Fb",), ("sig=",)),
    (
        "azure",
        r"[A-Za-z0-9+/]{20,}(?:AzSe|AzCa|\+ASt|\+ACDb|\+ARm|APIM)[A-Za-z0-9+/=]*",
        (_W + "+ASt" + _W,),
        ("azse", "azca", "+ast", "+acdb", "+arm", "apim"),
    ),
    ("twilio", r"(?:SK|AC)[0-9a-f]{28,}", ("SK" + _X + _X[:12],), ("sk", "ac")),
    ("digitalocean", r"do[oprs]_v1_[a-f0-9]{16,}", ("dop_v1_" + _X,), ("_v1_",)),
    ("shopify", r"shp(?:at|ca|pa|ss|ua|tka)_[A-Za-z0-9]{12,}", ("shpat_" + _X,), ("shp",)),
    ("telegram", r"(?:bot)?[0-9]{6,12}:AA[A-Za-z0-9_-]{24,}", (_D + ":AA" + _W + _W,), (":aa",)),
    (
        "discord",
        r"[MNO][A-Za-z0-9_-]{20,27}\.[A-Za-z0-9_-]{5,8}\.[A-Za-z0-9_-]{20,}|mfa\.[A-Za-z0-9_-]{20,}",
        ("M" + _W + "abc." + "Abc12D." + _W + "abcdefg", "mfa." + _W),
        (".",),
    ),
    (
        "webhook",
        r"discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]+/[A-Za-z0-9_-]+"
        r"|outlook\.office(?:365)?\.com/webhook/[^\s\"'<>]+|[a-z0-9-]+\.webhook\.office\.com/[^\s\"'<>]+"
        r"|hooks\.zapier\.com/hooks/[^\s\"'<>]+|chat\.googleapis\.com/v1/spaces/[^\s\"'<>]+"
        r"|maker\.ifttt\.com/[^\s\"'<>]+|open\.(?:feishu|larksuite)\.(?:cn|com)/open-apis/bot/[^\s\"'<>]+"
        r"|api\.telegram\.org/bot[^\s\"'<>/]+|hook\.[a-z0-9.]*(?:make|integromat)\.com/[^\s\"'<>]+"
        r"|webhook\.site/[^\s\"'<>]+|events\.pagerduty\.com/integration/[^\s\"'<>]+",
        ("https://discord.com/api/webhooks/123/" + _W, "https://hooks.zapier.com/hooks/catch/1/abc"),
        (
            "webhook",
            "hooks.zapier",
            "chat.googleapis",
            "ifttt",
            "feishu",
            "larksuite",
            "api.telegram",
            "hook.",
            "pagerduty",
        ),
    ),
    (
        "atlassian",
        r"AT(?:ATT|CTT|BB|STT)[A-Za-z0-9]?[A-Za-z0-9_=.-]{12,}",
        ("ATATT3xFf" + _W, "ATBB" + _W),
        ("atatt", "atctt", "atbb", "atstt"),
    ),
    (
        "square",
        r"EAAA[A-Za-z0-9_-]{12,}|sq0[a-z]{3}-[A-Za-z0-9_-]{12,}",
        ("sq0atp-" + _W, "EAAA" + _W),
        ("eaaa", "sq0"),
    ),
    ("facebook", r"EAA[A-Za-z0-9]{20,}", ("EAAB" + _W + _W,), ("eaa",)),
    (
        "mailgun",
        r"(?:pub)?key-[0-9a-f]{16,}",
        ("key-" + _X, "pubkey-" + _X, "key-84689244" + "88febbdefa93982202913743"),
        ("key-",),
    ),
    ("mailgun", r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}", ((_X + _X)[:32] + "-12ab34cd-56ef7890",), ("-",)),
    ("mailchimp", r"[0-9a-f]{28,32}-us[0-9]{1,2}", ((_X + _X)[:32] + "-us12",), ("-us",)),
    (
        "newrelic",
        r"NR(?:AK|AL|II|IQ|JS|RA|AA|BR)-[A-Za-z0-9_-]{10,}|[a-f0-9]{32,36}(?:FFFF)?NRAL",
        ("NRAK-" + _U, (_X + _X) + "NRAL"),
        ("nrak-", "nral", "nrii-", "nriq-", "nrjs-", "nrra-", "nraa-", "nrbr-"),
    ),
    ("sentry", r"sntry[su]_[A-Za-z0-9+/=_-]{12,}", ("sntrys_" + _W, "sntryu_" + _X), ("sntry",)),
    ("heroku", r"HRKU-[A-Za-z0-9_-]{12,}", ("HRKU-" + _W,), ("hrku-",)),
    (
        "vault",
        r"hv[sbr]\.[A-Za-z0-9_-]{12,}|[sbr]\.[A-Za-z0-9]{24}",
        ("hvs." + _W, "s." + (_W + _W)[:24]),
        ("hvs.", "hvb.", "hvr.", "s.", "b.", "r."),
    ),
    ("terraform", r"[A-Za-z0-9]{10,}\.atlasv1\.[A-Za-z0-9_=-]{10,}", (_W[:14] + ".atlasv1." + _W,), (".atlasv1.",)),
    ("linear", r"lin_(?:api|oauth|wh)_[A-Za-z0-9]{10,}", ("lin_api_" + _W,), ("lin_",)),
    ("notion", r"(?:secret|ntn)_[A-Za-z0-9]{16,}", ("ntn_" + _W, "secret_" + _W), ("secret_", "ntn_")),
    ("grafana", r"gl(?:sa|c)_[A-Za-z0-9+/=_]{12,}", ("glsa_" + _W, "glc_" + _W), ("glsa_", "glc_")),
    ("doppler", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{10,}", ("dp.pt." + _W, "dp.st.dev." + _W), ("dp.",)),
    ("pulumi", r"pul-[a-f0-9]{16,}", ("pul-" + _X,), ("pul-",)),
    ("planetscale", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{10,}", ("pscale_tkn_" + _W,), ("pscale_",)),
    ("postman", r"PMAK-[A-Fa-f0-9-]{16,}", ("PMAK-" + _X,), ("pmak-",)),
    ("airtable", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{16,}", ("pat" + _W[:14] + "." + _X,), ("pat",)),
    ("dropbox", r"sl\.[A-Za-z0-9_-]{20,}", ("sl." + _W + _W,), ("sl.",)),
    (
        "dynatrace",
        r"dt0[a-z][0-9]{2}\.[A-Za-z0-9]{12,}(?:\.[A-Za-z0-9]+)?",
        ("dt0c01." + _U + _U + "." + _U,),
        ("dt0",),
    ),
    (
        "fastly_fly",
        r"fo1_[A-Za-z0-9_-]{12,}|fm[12][ar]?_[A-Za-z0-9+/=]{12,}|FlyV1 [A-Za-z0-9+/=_,]{8,}",
        ("fo1_" + _W, "fm1r_" + _W),
        ("fo1_", "fm1", "fm2", "flyv1"),
    ),
    ("easypost", r"EZ[AT]K[A-Za-z0-9]{20,}", ("EZAK" + _W + _W,), ("ezak", "eztk")),
    (
        "flutterwave",
        r"FLW(?:PUB|SEC)K[_-](?:TEST|LIVE)?-?[A-Za-z0-9-]{10,}",
        ("FLWSECK_TEST-" + _X,),
        ("flwpubk", "flwseck"),
    ),
    ("razorpay", r"rzp_(?:live|test)_[A-Za-z0-9]{8,}", ("rzp_" + "live_" + _W,), ("rzp_",)),
    (
        "paypal",
        r"access_token\$(?:production|sandbox)\$[0-9a-z]+\$[0-9a-f]{10,}",
        ("access_token$production$ab12$" + _X,),
        ("access_token$",),
    ),
    ("prefect", r"pnu_[A-Za-z0-9]{12,}|pnb_[A-Za-z0-9]{12,}", ("pnu_" + _W,), ("pnu_", "pnb_")),
    ("readme", r"rdme_[a-z0-9]{16,}", ("rdme_" + _X,), ("rdme_",)),
    ("typeform", r"tfp_[A-Za-z0-9_.=-]{12,}", ("tfp_" + _W,), ("tfp_",)),
    ("frameio", r"fio-u-[A-Za-z0-9_=-]{12,}", ("fio-u-" + _W,), ("fio-u-",)),
    ("clojars", r"CLOJARS_[A-Za-z0-9]{16,}", ("CLOJARS_" + _X,), ("clojars_",)),
    ("duffel", r"duffel_(?:live|test)_[A-Za-z0-9_=-]{10,}", ("duffel_" + "test_" + _W,), ("duffel_",)),
    ("docker", r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{10,}", ("dckr_pat_" + _W,), ("dckr_",)),
    ("sonar", r"sq[uap]_[0-9a-f]{16,}", ("squ_" + _X,), ("squ_", "sqa_", "sqp_")),
    ("adobe", r"p8e-[A-Za-z0-9]{16,}", ("p8e-" + _W,), ("p8e-",)),
    ("alibaba", r"LTAI[A-Za-z0-9]{12,}", ("LTAI" + _W,), ("ltai",)),
    ("tencent", r"AKID[A-Za-z0-9]{20,}", ("AKID" + _W,), ("akid",)),
    (
        "yandex",
        r"AQVN[A-Za-z0-9_-]{20,}|t1\.[A-Za-z0-9_-]{20,}|y0_[A-Za-z0-9_-]{20,}",
        ("AQVN" + _W + _W,),
        ("aqvn", "t1.", "y0_"),
    ),
    ("groq", r"gsk_[A-Za-z0-9]{16,}", ("gsk_" + _W,), ("gsk_",)),
    ("xai", r"xai-[A-Za-z0-9]{16,}", ("xai-" + _W,), ("xai-",)),
    ("perplexity", r"pplx-[A-Za-z0-9]{16,}", ("pplx-" + _W,), ("pplx-",)),
    ("replicate", r"r8_[A-Za-z0-9]{16,}", ("r8_" + _W,), ("r8_",)),
    ("tailscale", r"tskey-[a-z]*-?[A-Za-z0-9_-]{8,}", ("tskey-auth-" + _W,), ("tskey-",)),
    (
        "supabase",
        r"sb[ps]_[A-Za-z0-9_]{16,}|sb_(?:secret|publishable)_[A-Za-z0-9_-]{10,}",
        ("sbp_" + _X,),
        ("sbp_", "sbs_", "sb_"),
    ),
    (
        "onepassword",
        r"ops_eyJ[A-Za-z0-9+/=_-]{16,}|A3-[A-Z0-9]{6}-[A-Z0-9-]{12,}",
        ("ops_eyJ" + _W, "A3-ABC123-ABCDEF-ABCDE-ABCDE"),
        ("ops_eyj", "a3-"),
    ),
    ("vercel", r"vc[pkair]_[A-Za-z0-9]{20,}|vercel_blob_rw_[A-Za-z0-9_]{10,}", ("vcp_" + _W,), ("vc", "vercel_blob")),
    ("netlify", r"nf[pcuo]_[A-Za-z0-9]{16,}", ("nfp_" + _W,), ("nfp_", "nfc_", "nfu_", "nfo_")),
    ("figma", r"fig[dou]_?[A-Za-z0-9]?_[A-Za-z0-9_-]{16,}", ("figd_" + _W,), ("fig",)),
    ("hubspot", r"pat-(?:na|eu)[0-9]-[a-f0-9-]{12,}", ("pat-na1-" + _X,), ("pat-",)),
    ("asana", r"[0-2]/[0-9]{10,}(?:/[0-9]{10,})?:[a-f0-9]{20,}", ("1/" + _D + _D + ":" + _X + _X[:12],), (":",)),
    ("contentful", r"CFPAT-[A-Za-z0-9_-]{12,}", ("CFPAT-" + _W,), ("cfpat-",)),
    (
        "launchdarkly",
        r"(?:sdk|mob|api)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{8,12}",
        ("sdk-12345678-1234-1234-1234-123456789abc",),
        ("sdk-", "mob-", "api-"),
    ),
    ("cloudflare", r"v1\.0-[a-f0-9]{16,}-[a-f0-9]{16,}", ("v1.0-" + _X + "-" + _X + _X,), ("v1.0-",)),
    ("octopus", r"API-[A-Z0-9]{24,}", ("API-" + _U + _U,), ("api-",)),
    ("jfrog", r"AKCp[A-Za-z0-9]{20,}|cmVmd[A-Za-z0-9]{20,}", ("AKCp" + _W + _W,), ("akcp", "cmvmd")),
    (
        "generic",
        r"[a-z][a-z0-9]{1,11}_(?:live|test|prod|secret|sk|pat|key|token)_[A-Za-z0-9]{16,}",
        ("acme_live_" + _W, "foo_key_" + _W),
        ("_live_", "_test_", "_prod_", "_secret_", "_sk_", "_pat_", "_key_", "_token_"),
    ),
    (
        "plaid",
        r"access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f-]{12,}",
        ("access-sandbox-12345678-1234-1234-1234-123456789abc",),
        ("access-sandbox-", "access-development-", "access-production-"),
    ),
)


_TELLING = 3
"""Shorter literals stand in words by chance."""


def _rule(number: int, vendor: str, pattern: str, examples: tuple[str, ...], triggers: tuple[str, ...]) -> Rule:
    is_whole = "(?P<v>" not in pattern
    bounded = f"{BORDER}(?P<v>{pattern})" if is_whole else pattern
    is_weak = any(len(trigger) < _TELLING for trigger in triggers)
    return Rule(
        f"key_{vendor}_{number}",
        bounded,
        key_token(vendor),
        examples,
        (),
        triggers,
        begins=triggers if is_whole and not is_weak else (),
        gate=UNREST if is_weak else None,
    )


RULES = tuple(
    _rule(number, vendor, pattern, examples, triggers)
    for number, (vendor, pattern, examples, triggers) in enumerate(SHAPES)
)
