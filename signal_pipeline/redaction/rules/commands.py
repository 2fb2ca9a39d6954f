"""Secrets as arguments of commands: one row for each way in which a family of commands takes them.

The patterns are written per family since one letter means many things: `-p` is a password for `docker login` and a port
for `docker run`.
"""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.redaction.rules.names import STRONG
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import SECRET, is_sealed
from signal_pipeline.redaction.words import is_said

_VALUE = r"(?P<v>\\*\"[^\"]*\"?|\\*'[^']*'?|[^\s\"'|;&][^\s\"']*)"
_REST = r"\b[^\r\n|;]*?[\s\"',\[]"
"""What is between a command and its option, also where arguments are written as a list."""
_SPACE = r"(?:\s+|=|\\*[\"']\s*,?\s*)"


@dataclass(frozen=True)
class _Command:
    """`names` of commands, and what follows them up to the value; `glued` says that nothing comes before the value.
    Of `literals` one must occur."""

    name: str
    literals: str
    names: str
    option: str
    example: str
    negative: str = ""
    glued: bool = False


_COMMANDS = (
    _Command("oracle", "sqlplus expdp impdp rman sqlldr sqlcl exp imp", r"sqlplus(?:64)?|expdp|impdp|rman|sqlldr|sqlcl|exp|imp", r"[A-Za-z0-9_$#.]+/", "sqlplus scott/tiger@orcl", glued=True),
    _Command("oracle_local", "sqlplus expdp impdp rman sqlldr sqlcl", r"(?:sqlplus(?:64)?|expdp|impdp|rman|sqlldr|sqlcl)(?:\s+-[a-zA-Z]+)*", r"", "expdp scott/xkqzjwvb directory=x", "expdp help=y"),
    _Command("account", "useradd usermod adduser", r"useradd|usermod|adduser", r"(?:-p|--password)", "useradd -m -p hunter alice", "useradd -m alice"),
    _Command("upload", "twine", r"twine", r"(?:-p|--password)", "twine upload -u x -p hunter dist/x"),
    _Command("package_registry", "http-basic", r"(?:composer|poetry)\s+config\b[^\r\n]*?http-basic\.[^\s]+\s+[^\s]+", r"", "composer config http-basic.repo.example.com alice hunter"),
    _Command("sql_server_glued", "sqlcmd bcp osql isql", r"sqlcmd|bcp|osql|isql", r"-P", "bcp shop.dbo.t out t.txt -U sa -Phunter", glued=True),
    _Command("radius_test", "radtest", r"radtest(?:\s+-[a-z0-9]+(?:\s+[a-z0-9]+)?)*\s+[^\s-][^\s]*", r"", "radtest alice hunter r1 0 x"),
    _Command("net_use_user", "use", r"net1?(?:\.exe)?\s+use\b[^\r\n]*?/user:[^\s]+", r"", "net use z: \\\\files\\share /user:alice hunter", "net use z: \\\\files\\share /user:alice"),
    _Command("winrs", "winrs", r"winrs", r"[-/]p(?:assword)?:", "winrs -r:host1 -u:alice -p:hunter dir", glued=True),
    _Command("wireless", "iwconfig", r"iwconfig", r"(?:key|enc)\s+s:", "iwconfig wlan0 key s:hunter", glued=True),
    _Command("secure_string", "securestring", r"ConvertTo-SecureString(?:\s+-String)?", r"", "ConvertTo-SecureString 'hunter' -AsPlainText -Force"),
    _Command("redis", "redis- valkey- keydb-", r"(?:redis|valkey|keydb)-(?:cli|benchmark)", r"(?:-a|--pass)", "redis-cli -h x -a hunter ping"),
    _Command("snmp", "snmp", r"snmp[a-z]+", r"-[cAX]", "snmpget -v2c -c hunter host1", "snmpget -v2c host1"),
    _Command(
        "registry_login", "login",
        r"(?:docker|podman|buildah|nerdctl|skopeo|oras|crane|helm|regctl|az|oc|cf|heroku|npm|ibmcloud|argocd|tkn|kubectl|doctl"
        r"|rancher|flyctl|snyk|jf|lpass|bw)\b[^\r\n|;]*?\slogin",
        r"(?:-p|--token|--password|--secret)",
        "docker login -u deploy -p hunter registry.example.com",
        "docker run -p 8080:80 web",
    ),
    _Command("registry_login_glued", "login", r"(?:docker|podman|buildah|nerdctl|az|oc|helm)\b[^\r\n|;]*?\slogin", r"-p", "docker login registry.example.com -u deploy -phunter", glued=True),
    _Command("net_user", "user", r"net1?(?:\.exe)?\s+user\s+[^\s/]+", r"", "net user deploy hunter /add", "net user deploy /delete"),
    _Command("remote_target", "exec secretsdump mssqlclient smbclient gettgt getst getuserspns", r"(?:impacket-)?(?:ps|wmi|smb|at|dcom)exec|(?:impacket-)?(?:secretsdump|mssqlclient|smbclient|getTGT|getST|GetUserSPNs)(?:\.py)?", r"[^\s/:@]+/[^\s/:@]+:", "wmiexec.py office/deploy:hunter@files", glued=True),
    _Command("certificate", "curl", "curl", r"(?:-E|--cert|--proxy-cert)(?:=|\s*)[^\s:]+:", "curl -E x.pem:hunter https://x.example.com", "curl -E x.pem https://x.example.com", glued=True),
    _Command("credentials", "creds", r"skopeo|crane|buildah|podman|oras", r"--(?:src-|dest-)?creds(?:=|\s+)[^\s:]+:", "skopeo copy --src-creds a:hunter x y", glued=True),
    _Command("snmp_glued", "snmp", r"snmp(?:get|getnext|bulkget|walk|bulkwalk|set|table|trap|inform|status|translate|df|test)", r"-c", "snmpwalk -v2c -chunter host1", "snmpget -v2c host1", glued=True),
    _Command("ldap_glued", "ldap", r"ldap(?:search|modify|add|delete|passwd|whoami|compare|modrdn)", r"-w", "ldapmodify -x -D cn=admin -whunter -f x", glued=True),
    _Command("ldap", "ldap dsconf dsmod dssea", r"ldap[a-z]+|ds(?:conf|modify|search)", r"-w", "ldapsearch -x -D cn=admin -w hunter -b dc=x"),
    _Command("mongo", "mongo", r"mongo[a-z]*", r"-p", "mongosh --host db1 -u admin -p hunter"),
    _Command("cassandra", "cqlsh nodetool sstableloader", r"cqlsh|nodetool|sstableloader", r"-p[wW]?", "cqlsh db1 -u cassandra -p hunter"),
    _Command("sql_server", "sqlcmd bcp osql isql tsql fisql dtexec", r"sqlcmd|bcp|osql|isql|tsql|fisql|dtexec", r"-P", "sqlcmd -S db1 -U sa -P hunter -Q x"),
    _Command("archive", "zip", r"(?:un)?zip|zipcloak", r"-P", "zip -P hunter out.zip x"),
    _Command("archive_glued", "7z rar arj", r"7z[ar]?|rar|unrar|arj", r"-h?p", "7z x archive.7z -phunter", glued=True),
    _Command("ipmi", "ipmi racadm ilorest", r"ipmi[a-z-]+|racadm|ilorest", r"-[pP]", "ipmitool -U admin -P hunter power status"),
    _Command("putty", "plink pscp psftp putty kitty", r"plink|pscp|psftp|putty|kitty", r"-pw", "plink -ssh a@host1 -pw hunter uptime"),
    _Command("remote_desktop", "freerdp mstsc cmdkey", r"[xw]?freerdp[0-9]?|mstsc|cmdkey|wlfreerdp", r"/(?:p|pass|password|gp):", "xfreerdp /u:a /p:hunter /v:x", glued=True),
    _Command("rdesktop", "rdesktop vncpasswd x11vnc", r"rdesktop|vncpasswd|x11vnc", r"-(?:p|passwd)", "rdesktop -u a -p hunter host1"),
    _Command("mqtt", "mosquitto mqtt emqx", r"mosquitto_[a-z]+|mqttx?|emqx", r"-P", "mosquitto_pub -u sensor -P hunter -t x"),
    _Command("influx", "influx", r"influxd?", r"-{1,2}(?:password|token|p|t)", "influx -username admin -password hunter"),
    _Command("keytool", "keytool jarsigner apksigner zipalign", r"keytool|jarsigner|apksigner|zipalign", r"-{1,2}(?:(?:src|dest|new)?(?:store|key)pass|(?:ks|key)-pass)", "keytool -list -storepass hunter"),
    _Command("file_transfer", "lftp ncftp", r"lftp|ncftp[a-z]*", r"-u[\s\"']*[^\s,]+,", "lftp -u alice,hunter ftp.example.com", glued=True),
    _Command("file_transfer_option", "ftp swaks sendemail mail msmtp curl", r"ncftp[a-z]*|ftp|sftp|lftp|swaks|sendemail|mailx?|msmtp|curl", r"(?:-p|-ap|-xp|--pass)", "ncftpput -u alice -p hunter host1 / x", "sftp -P 22 host1"),
    _Command("samba", "smb rpcclient net mount", r"smb[a-z]+|rpcclient|net|mount[a-z._]*", r"-U[\s\"']*[^\s%]+%", "smbclient //files/share -U alice%hunter", glued=True),
    _Command("net_use", "use", r"net1?(?:\.exe)?\s+use\b[^\r\n]*?\\\\[^\s]+", r"", "net use z: \\\\files\\share hunter /user:alice", "net use z: \\\\files\\share /user:alice"),
    _Command("openssl", "openssl", r"openssl", r"-(?:passin|passout|pass)\s+\\*[\"']?pass:", "openssl rsa -in k.pem -passin pass:hunter", glued=True),
    _Command("openssl_key", "openssl", r"openssl\s+(?:enc|aes|des)[a-z0-9-]*", r"-[kK]", "openssl enc -k hunter -in x"),
    _Command("htpasswd", "htpasswd", r"htpasswd\s+-[a-zA-Z]*n[a-zA-Z]*\s+[^\s]+|htpasswd\s+-[a-zA-Z]*b[a-zA-Z]*\s+[^\s]+\s+[^\s]+", r"", "htpasswd -b /etc/x alice hunter"),
    _Command("wifi", "wpa_passphrase", r"wpa_passphrase\s+[^\s]+", r"", "wpa_passphrase office hunter"),
    _Command("vault_login", "vault", r"vault\s+(?:login|unseal|operator unseal)", r"", "vault login hunter", "vault login -method=oidc"),
    _Command("rabbit", "rabbitmqctl", r"rabbitmqctl\s+(?:add_user|change_password|authenticate_user)\s+[^\s]+", r"", "rabbitmqctl add_user shop hunter"),
    _Command("keyword", "nmcli mysqladmin iw netsh wpa_cli psexec wmic expect", r"nmcli|mysqladmin|iw|netsh|wpa_cli|psexec|wmic|expect", r"(?:[a-z0-9-]+\.)*(?:password|psk|key|passphrase|wep-key[0-9])", "mysqladmin -u root password hunter"),
    _Command("windows_remote", "psexec winexe wmiexec schtasks sc", r"psexec(?:64)?|winexe|wmiexec|schtasks|sc(?:\.exe)?", r"[-/](?:p|rp|password)", "psexec \\\\host1 -u a -p hunter cmd"),
    _Command("bearer_option", "--", r"curl|http|https|xh", r"--(?:oauth2-bearer|pass|proxy-pass|key-pass|tlspassword|aws-sigv4)", "curl --oauth2-bearer hunter https://x"),
    _Command("long_option", "--", r"[a-z][a-z0-9_.-]*", r"--(?:[a-z]+-)*(?:auth-)?(?:password|passwd|passphrase|pass|pw|secret)", "swaks --auth-password hunter"),
    _Command("backup", "--", r"restic|borg|duplicity|rclone|kopia", r"--(?:password|pass|passphrase)", "kopia repo connect --password hunter"),
    _Command("database_user", "clickhouse trino presto beeline impala hdbsql db2 nzsql vsql snowsql isql-fb gsec", r"(?:clickhouse-client|trino|presto|beeline|impala-shell|hdbsql|db2|nzsql|vsql|snowsql|isql-fb|gsec)", r"(?:-p|-w|--password|-pw)", "vsql -U a -w hunter"),
)  # fmt: skip
# What takes a secret from what is written to it.
_PIPED = (
    r"(?:sudo\s+-[a-zA-Z]*S|passwd\b[^\r\n|;]*--stdin|chpasswd|[a-z]+\s+login[^\r\n|;]*--password-stdin|kinit|cryptsetup"
    r"|gpg\b[^\r\n|;]*--passphrase-fd|openssl|su\b|vncpasswd|smbpasswd)"
)
GATE = (
    r"(?i:\b(?:sqlplus(?:64)?|expdp|impdp|rman|sqlldr|exp|imp)\s[^\r\n]*/[^\r\n]*@|\b(?:sqlplus(?:64)?|expdp|impdp|rman|sqlldr|sqlcl)\s[^\r\n]*/|\b(?:user(?:add|mod)|adduser|twine|radtest|winrs|iwconfig)\s|http-basic|securestring|/user:|password-command|<\(\s*(?:echo|printf)|\b(?:echo|printf)\s[^\r\n]*>|(?:redis|valkey|keydb)-(?:cli|benchmark)"
    r"|\bsnmp[a-z]+\b[^\r\n]*-[cAX]|\slogin\b[^\r\n]*\s-|--(?:src-|dest-)?creds|\bldap[a-z]+\b[^\r\n]*\s-w|mongo[a-z]*\b"
    r"[^\r\n]*\s-p|\b(?:cqlsh|nodetool|sstableloader|sqlcmd|bcp|osql|isql|tsql|fisql)\b[^\r\n]*\s-p|zip[a-z]*\b[^\r\n]*\s-p"
    r"|\b(?:7z[ar]?|rar|unrar|arj)\s[^\r\n]*-h?p|ipmi[a-z-]+\b[^\r\n]*\s-p|\b(?:plink|pscp|psftp|putty|kitty)\b[^\r\n]*-pw"
    r"|/(?:p|gp|pass):|\bcurl\b[^\r\n]*\s-(?:E|-(?:proxy-)?cert)|\b(?:rdesktop|x11vnc)\s|mosquitto_|mqtt|\binflux|-(?:src|dest|new)?(?:store|key)pass|-pass"
    r"|\blftp\s|ncftp|\b(?:swaks|sendemail|msmtp)\b|\s-U[\s\"']*[^\s%]+%|\buse\b[^\r\n]*\\\\|\bnet1?(?:\.exe)?\s+user\s|exec(?:\.py)?\s[^\r\n]*/[^\r\n]*:|secretsdump|mssqlclient|smbclient|\bconfig(?:ure)?\s+(?:set|create|update|--?[a-z]+)\s|(?:setx|setenv|env|arg|-gx)\s+(?:/m\s+)?[a-z0-9_]*(?:pa[sr]|pw|wor|wach|contra|clave|senha|has[lł]|hes[lł]|sala|sifre|jel|adg|l[oö]s|mot|secr|token|key|cred|auth|pin|cook|sess|sas|saml|code|jwt|conn|dsn|sign|assert|hook|verif)[a-z0-9_]*\s|\bget(?:tgt|st|userspns)\b|openssl|htpasswd"
    r"|wpa_passphrase|vault\s+(?:login|unseal|op)|rabbitmqctl|mysqladmin|nmcli|netsh|psexec|winexe|wmiexec|schtasks"
    r"|oauth2-bearer|--[a-z-]*(?:pass|pw|secret)|\b(?:echo|printf)\b[^\r\n]*\||<<<|"
    r"\b(?:clickhouse-client|trino|presto|beeline|impala-shell|hdbsql|db2|vsql|snowsql)\b[^\r\n]*\s-)"
)
"""Every row below."""


def _is_argument(value: str) -> bool:
    core = value.strip("\\\"'")
    return (
        bool(core)
        and not is_sealed(core)
        and not core.startswith(("-", "/user", "/add", "/del", "/active", "/dom", "$", "<"))
        and core not in ("*", "true")
    )


def _rule(command: _Command) -> Rule:
    start = rf"(?:^|[^A-Za-z0-9_.-])(?:{command.names})"
    if command.name == "oracle_local":
        pattern = rf"{start}\s+[A-Za-z0-9_$#.]+/{_VALUE}"
    elif not command.option:
        pattern = rf"{start}\s+{_VALUE}"
    elif command.glued:
        pattern = rf"{start}{_REST}{command.option}{_VALUE}"
    else:
        pattern = rf"{start}{_REST}{command.option}{_SPACE}{_VALUE}"
    if command.name in ("oracle", "remote_target"):
        pattern = rf"{start}{'(?:[.]py)?' if command.name != 'oracle' else ''}{_REST}{command.option}(?P<v>\\*\"[^\"]*\"|[^\s@\"']+)@"
    negatives = (command.negative,) if command.negative else ()
    return Rule(
        f"command_{command.name}", pattern, SECRET, (command.example,), negatives, tuple(command.literals.split()), _is_argument,
        repeat=command.name == "snmp", gate=GATE,
    )  # fmt: skip


RULES = (
    *map(_rule, _COMMANDS),
    Rule(
        "command_piped",
        rf"\b(?:echo|printf)\s+(?:-[ne]+\s+|%s\s+)*\\*[\"']?(?:[A-Za-z0-9_.-]+:)?(?P<v>[^\s\"'|][^\r\n\"'|]*?)\\*[\"']?"
        rf"\s*\|\s*(?:sudo\s+)?{_PIPED}",
        SECRET,
        ("echo hunter | sudo -S id", "echo 'alice:hunter' | chpasswd", "echo hunter | docker login --password-stdin"),
        ("echo hello | grep x",),
        ("echo", "printf"),
        needs=("|",),
    ),
    Rule(
        "command_variable",
        rf"(?:^|[^A-Za-z0-9_.-])(?i:setx(?:\s+/m)?|setenv|ENV|ARG|set\s+-gx|(?:aws\s+configure|(?:npm|pip|pulumi|yarn|gcloud|snyk|fly|heroku)\s+(?:config|secrets?))\s+set|git\s+config(?:\s+--[a-z]+)?|rclone\s+config\s+(?:create|update)(?:\s+[a-z0-9_.-]+){{1,3}}?)\s+(?i:[a-z0-9_./:-]*(?:{STRONG}|token|secret_?key))\s+\\*[\"']?(?P<v>[^\s\"']+)",
        SECRET,
        (
            "setx DEPLOY_TOKEN hunter",
            "ENV SECRET_KEY hunter",
            "setenv DB_PASSWORD hunter",
            "set -gx DB_PASSWORD hunter",
            "aws configure set aws_secret_access_key hunter",
        ),
        ("ENV NODE_ENV production", "setx PATH c:/bin"),
        ("setx", "setenv", "env", "arg", "-gx", "config"),
        lambda value: _is_argument(value) and value != "=" and not is_said(value),
        gate=GATE,
    ),
    Rule(
        "command_written",
        r"\b(?:echo|printf)\s+(?:-[ne]+\s+|\\*[\"']?%s(?:\\+n)?\\*[\"']?\s+)*\\*[\"']?(?P<v>[^\s\"'|>)\\]+)\\*[\"']?\s*>+\s*[^\s]*(?i:secret|pass|token|cred|\.key)",
        SECRET,
        ("printf '%s' 'hunter' > /run/secrets/db_password", "echo hunter >> ~/.pgpass"),
        ("echo done > /tmp/x.log",),
        ("echo", "printf"),
        _is_argument,
        gate=GATE,
        needs=(">",),
    ),
    Rule(
        "command_substituted",
        r"(?i)(?:\bsecrets?\s+create\b[^\r\n]*?<\(\s*|--pass(?:word|phrase)?-?command[\s=]*\\*[\"']?)(?:echo|printf)\s+(?:-[ne]+\s+)?\\*[\"']?(?P<v>[^\s\"')\\]+)",
        SECRET,
        ("docker secret create db <(echo hunter)", "restic --password-command 'echo hunter' backup"),
        ("docker secret create db ./file", "restic --password-command 'pass show x'"),
        ("echo", "printf"),
        _is_argument,
        gate=GATE,
    ),
    Rule(
        "command_here_string",
        r"<<<[ \t]*\\*[\"']?(?:[A-Za-z0-9_.-]+:)?(?P<v>[^\s\"'|]+)",
        SECRET,
        ("chpasswd <<< 'alice:hunter'", "passwd --stdin alice <<< hunter"),
        ("cat << EOF", "shop.CartTest.adds  Time elapsed: 0.01 s  <<< FAILURE!", "<<<<<<< HEAD"),
        ("<<<",),
        lambda value: value != "HEAD" and not is_said(value.rstrip("!").lower()),
        needs=("<",),
    ),
)
