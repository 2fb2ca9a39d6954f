"""Pods of a cluster: events of Kubernetes, the logs of the pods, the kubelet."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.systems import formats
from benchmarks.systems.story import Story, Truth

EVENTS, CART, FRONT, KUBELET = "events.json", "cart-7c9d8f6b5-x2x9k.log", "frontend-5d4f8c7b9-q7z2m.log", "kubelet.log"
_RENDERS = {EVENTS: formats.events, CART: formats.logfmt, FRONT: formats.winston, KUBELET: formats.klog}
SITE = "https://boutique.example"
POD = "Pod/cart-7c9d8f6b5-x2x9k"


def _story(name: str) -> Story:
    story = Story(f"kubernetes/{name}", _RENDERS)
    story.log(EVENTS, 0.5, "info", "Scheduled", "Successfully assigned shop/cart-7c9d8f6b5-x2x9k to node-3", thread=POD)
    story.log(
        EVENTS,
        1.5,
        "info",
        "Pulled",
        'Container image "registry.example/cart:1.9.2" already present on machine',
        thread=POD,
    )
    for number, at in enumerate((3.0, 8.0, 15.0)):
        story.request(at, "GET", f"{SITE}/product/{number}", 200)
        story.log(FRONT, at + 0.01, "info", "frontend", f"GET /product/{number} 200")
        story.log(CART, at + 0.02, "info", "cart", "cart loaded")
    return story


def _warns(story: Story, at: float, reason: str, said: str, thread: str = POD) -> None:
    story.log(EVENTS, at, "warn", reason, said, thread=thread)


def _backs_off(story: Story, at: float) -> None:
    _warns(story, at, "BackOff", "Back-off restarting failed container server in pod cart-7c9d8f6b5-x2x9k_shop")


def _lost(story: Story, at: float) -> None:
    """What the frontend and its user have of a cart that does not answer."""
    trace = """Error: connect ECONNREFUSED 10.96.14.3:7070
    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)
    at CartClient.get (/src/clients/cart.js:22:11)"""
    story.log(
        FRONT,
        at,
        "error",
        "frontend",
        "request to http://cart:7070/cart failed, reason: connect ECONNREFUSED 10.96.14.3:7070",
        trace,
    )
    story.request(at - 0.02, "GET", f"{SITE}/cart", 500, 30.0)
    story.log(
        KUBELET,
        at + 0.2,
        "info",
        "prober.go:107",
        '"Probe failed" probeType="Readiness" pod="shop/cart-7c9d8f6b5-x2x9k" probeResult="failure"',
    )


def stories() -> Iterator[Story]:
    yield killed_for_memory()
    yield image_missing()
    yield config_missing()
    yield panics()
    yield evicted()


def killed_for_memory() -> Story:
    story = _story("killed_for_memory")
    _warns(
        story,
        30.0,
        "OOMKilling",
        "Memory cgroup out of memory: Killed process 41872 (cart) total-vm:912340kB, anon-rss:523100kB",
        "Node/node-3",
    )
    _backs_off(story, 31.0)
    for number in range(3):
        _lost(story, 31.0 + 2 * number)
    story.truths = [Truth((EVENTS,), "out of memory")]
    return story


def image_missing() -> Story:
    story = _story("image_missing")
    said = 'Failed to pull image "registry.example/cart:1.9.3": rpc error: code = NotFound desc = failed to pull and unpack image "registry.example/cart:1.9.3": not found'
    for number in range(2):
        _warns(story, 24.0 + 15 * number, "Failed", said, "Pod/cart-6bb7d5c9f-77abc")
        _warns(story, 25.0 + 15 * number, "Failed", "Error: ImagePullBackOff", "Pod/cart-6bb7d5c9f-77abc")
        _lost(story, 26.0 + 15 * number)
    story.truths = [Truth((EVENTS,), "")]
    return story


def config_missing() -> Story:
    story = _story("config_missing")
    _warns(
        story,
        22.0,
        "FailedMount",
        'MountVolume.SetUp failed for volume "settings" : configmap "cart-settings-v2" not found',
    )
    _warns(
        story,
        24.0,
        "FailedMount",
        'MountVolume.SetUp failed for volume "settings" : configmap "cart-settings-v2" not found',
    )
    _warns(
        story,
        26.0,
        "FailedMount",
        "Unable to attach or mount volumes: unmounted volumes=[settings], unattached volumes=[settings kube-api-access-5x]: timed out waiting for the condition",
    )
    for number in range(2):
        _lost(story, 25.0 + 3 * number)
    story.truths = [Truth((EVENTS,), "cart-settings-v2")]
    return story


def panics() -> Story:
    story = _story("panics")
    trace = """panic: runtime error: index out of range [3] with length 3

goroutine 214 [running]:
main.(*Cart).Line(...)
\t/src/cart/cart.go:118
main.(*Server).GetCart(0xc0001a2000, {0x14b2a60, 0xc0002d4000})
\t/src/cart/server.go:64 +0x1b4
created by google.golang.org/grpc.(*Server).serveStreams.func1
\t/go/pkg/mod/google.golang.org/grpc@v1.60.1/server.go:1019 +0x8c"""
    story.log(CART, 33.0, "error", "cart", "cart 81 has 4 lines", trace)
    _backs_off(story, 34.0)
    for number in range(3):
        _lost(story, 33.2 + 2 * number)
    story.truths = [Truth((CART,), "index out of range")]
    return story


def evicted() -> Story:
    story = _story("evicted")
    story.log(
        KUBELET,
        28.0,
        "warn",
        "eviction_manager.go:364",
        '"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"',
    )
    _warns(
        story,
        28.0,
        "Evicted",
        "The node was low on resource: ephemeral-storage. Threshold quantity: 4Gi, available: 3912Mi. Container server was using 9Gi",
    )
    for number in range(2):
        _lost(story, 29.0 + 2 * number)
    story.truths = [Truth((EVENTS,), "low on resource")]
    return story
