"""Ports that servers listen on: they say who asked whom where the beginning was not captured, and name the service."""

from __future__ import annotations

SERVICES: dict[int, str] = {
    20: "ftp-data", 21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 53: "dns", 67: "dhcp", 69: "tftp", 80: "http",
    88: "kerberos", 110: "pop3", 111: "rpc", 123: "ntp", 135: "msrpc", 137: "netbios-ns", 138: "netbios-dgm",
    139: "netbios-ssn", 143: "imap", 161: "snmp", 162: "snmp-trap", 179: "bgp", 389: "ldap", 443: "tls", 445: "smb",
    465: "smtps", 502: "modbus", 514: "syslog", 546: "dhcpv6", 547: "dhcpv6", 554: "rtsp", 587: "smtp", 631: "ipp",
    636: "ldaps", 853: "dns over tls", 873: "rsync", 989: "ftps-data", 990: "ftps", 993: "imaps", 995: "pop3s",
    1080: "socks", 1194: "openvpn", 1433: "mssql", 1521: "oracle", 1883: "mqtt", 1900: "ssdp", 2049: "nfs",
    2152: "gtp-u", 2181: "zookeeper", 3128: "http", 3268: "ldap", 3306: "mysql", 3389: "rdp", 3478: "stun",
    3544: "teredo", 4222: "nats", 4317: "otlp", 4369: "epmd", 4789: "vxlan", 5000: "http", 5060: "sip", 5061: "sips",
    5072: "ayiya", 5222: "xmpp", 5269: "xmpp", 5353: "mdns", 5355: "llmnr", 5432: "postgres", 5671: "amqps",
    5672: "amqp", 5900: "vnc", 5985: "winrm", 6081: "geneve", 6379: "redis", 6443: "kubernetes", 6667: "irc",
    8000: "http", 8008: "http",
    8080: "http", 8443: "tls", 8883: "mqtts", 8888: "http", 9000: "http", 9042: "cassandra", 9092: "kafka",
    9200: "elasticsearch", 9418: "git", 11211: "memcached", 27017: "mongodb",
}  # fmt: skip
_SERVER_PORTS = frozenset(SERVICES) - {20, 67, 5000, 9000}
"""FTP's data come from 20, DHCP answers from 67, and the last two are as often a client's."""


def service_by_port(server: int, client: int) -> str | None:
    """The name of what usually listens there."""
    return SERVICES.get(server) or SERVICES.get(client)


def is_server(source: int, target: int, is_tcp: bool) -> bool:
    """Whether the end at `source` is the one that listens, as far as ports say."""
    if source not in _SERVER_PORTS:
        return False
    return target not in _SERVER_PORTS or (is_tcp and source < target)
