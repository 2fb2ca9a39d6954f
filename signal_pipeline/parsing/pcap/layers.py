"""The layers by number, and the numbers by which links and protocols name what comes next."""

from __future__ import annotations

(
    RADIOTAP, PPI, WIFI, ETHERNET, COOKED, COOKED_2, BRIDGED, TAGGED, VLAN, MPLS, PPPOE, PPP, HDLC, NULL, RAW, IP4, IP6,
    GRE, TRANSPORT,
) = range(19)  # fmt: skip
# The number is the order in which layers are read, so that packets that come to one by several ways are read together.
LINKS: dict[int, int] = {
    0: NULL, 1: ETHERNET, 9: PPP, 12: RAW, 14: RAW, 50: PPP, 51: PPPOE, 101: RAW, 104: HDLC, 105: WIFI, 108: NULL,
    113: COOKED, 127: RADIOTAP, 192: PPI, 228: IP4, 229: IP6, 276: COOKED_2,
}  # fmt: skip
"""Link types of captures. What is not here has no flows."""
ETHER_TYPES: dict[int, int] = {
    0x0800: IP4, 0x86DD: IP6, 0x8100: VLAN, 0x88A8: VLAN, 0x9100: VLAN, 0x9200: VLAN, 0x8847: MPLS, 0x8848: MPLS,
    0x8864: PPPOE, 0x6558: ETHERNET, 0x880B: PPP, 0x88E7: BRIDGED, 0x8926: TAGGED,
}  # fmt: skip
"""EtherTypes."""
GRE_TYPES = {
    **ETHER_TYPES,
    0x88BE: ETHERNET,
    0x22EB: ETHERNET,
    0x0000: RAW,
    **dict.fromkeys(range(0x8200, 0x8300), WIFI),
}
PPP_TYPES = {0x0021: IP4, 0x0057: IP6, 0x0281: MPLS}
EXTENSIONS = (0, 43, 51, 60, 135, 139, 140)
"""Headers of IPv6 (and AH, of IPv4 too) in front of the transport."""
FRAGMENT, IP_IN_IP, IP6_IN_IP, GRE_PROTOCOL, AUTHENTICATION = 44, 4, 41, 47, 51
MAX_LAYERS = 24
MAX_TUNNELS = 4
VXLAN_PORTS = (4789, 8472)
GTP_PORT, TEREDO_PORT, GENEVE_PORT, AYIYA_PORT, CAPWAP_PORT, L2TP_PORT = 2152, 3544, 6081, 5072, 5247, 1701
TUNNEL_PORTS = (*VXLAN_PORTS, GTP_PORT, TEREDO_PORT, GENEVE_PORT, AYIYA_PORT, CAPWAP_PORT, L2TP_PORT)
