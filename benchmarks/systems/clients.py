"""Clients: a browser alone, a browser with its console, an app on a phone with its backend."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.systems import formats
from benchmarks.systems.story import HAR, Story, Truth

CONSOLE, PHONE, BACKEND = "browser-console.log", "logcat.txt", "backend.log"
_RENDERS = {CONSOLE: formats.console, PHONE: formats.logcat, BACKEND: formats.python_logging}
SITE, API = "https://app.example", "https://api.app.example"


def _browser(name: str) -> Story:
    story = Story(f"browser/{name}", _RENDERS)
    for number, path in enumerate(("/", "/static/main.4f2a.js", "/static/main.css", "/api/me")):
        story.request(0.5 + 0.2 * number, "GET", SITE + path, 200)
    return story


def _phone(name: str) -> Story:
    story = Story(f"phone/{name}", _RENDERS)
    for number, at in enumerate((1.0, 5.0, 12.0)):
        story.request(at, "GET", f"{API}/v2/feed?page={number}", 200)
        story.log(PHONE, at + 0.1, "info", "OkHttp", f"<-- 200 {API}/v2/feed?page={number} (81ms)")
        story.log(BACKEND, at + 0.05, "info", "app.access", f"GET /v2/feed?page={number} 200")
    story.log(
        PHONE,
        2.0,
        "warn",
        "Choreographer",
        "Skipped 41 frames!  The application may be doing too much work on its main thread.",
    )
    story.log(
        PHONE, 3.0, "error", "chromium", "[ERROR:gl_surface_egl.cc(323)] eglChooseConfig failed with error EGL_SUCCESS"
    )
    return story


def stories() -> Iterator[Story]:
    yield server_error_alone()
    yield cross_origin()
    yield offline()
    yield script_fault()
    yield chunk_missing()
    yield signed_out()
    yield phone_parse()
    yield phone_backend()
    yield phone_no_network()


def server_error_alone() -> Story:
    story = _browser("server_error_alone")
    for number in range(3):
        story.request(
            10.0 + 4 * number, "POST", f"{SITE}/api/invoices", 500, 90.0, body='{"error":"Internal Server Error"}'
        )
    story.truths = [Truth((), "/api/invoices", "")]
    return story


def cross_origin() -> Story:
    story = _browser("cross_origin")
    said = f"Access to fetch at '{API}/v1/quotes' from origin '{SITE}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
    story.request(10.0, "GET", f"{API}/v1/quotes", 0, 35.0, error="net::ERR_FAILED")
    story.log(CONSOLE, 10.04, "error", "main.4f2a.js:1", said)
    story.log(CONSOLE, 10.05, "error", "main.4f2a.js:1", f"GET {API}/v1/quotes net::ERR_FAILED 200 (OK)")
    story.log(
        CONSOLE,
        10.06,
        "error",
        "main.4f2a.js:1",
        "Uncaught (in promise) TypeError: Failed to fetch",
        f"    at loadQuotes ({SITE}/static/main.4f2a.js:1:22871)",
    )
    story.truths = [Truth((CONSOLE,), "CORS policy")]
    return story


def offline() -> Story:
    story = _browser("offline")
    for number in range(6):
        story.request(
            10.0 + number,
            "GET",
            f"{SITE}/api/{('me', 'news', 'mail')[number % 3]}",
            0,
            3.0,
            error="net::ERR_INTERNET_DISCONNECTED",
        )
        story.log(
            CONSOLE,
            10.01 + number,
            "error",
            "main.4f2a.js:1",
            f"GET {SITE}/api/{('me', 'news', 'mail')[number % 3]} net::ERR_INTERNET_DISCONNECTED",
        )
    story.truths = [Truth((HAR, CONSOLE), "INTERNET_DISCONNECTED")]
    return story


def script_fault() -> Story:
    story = _browser("script_fault")
    story.request(9.0, "GET", f"{SITE}/api/basket", 200, body='{"lines":null}')
    story.log(
        CONSOLE,
        9.1,
        "error",
        "main.4f2a.js:1",
        "Uncaught TypeError: Cannot read properties of null (reading 'map')",
        f"    at BasketLines ({SITE}/static/main.4f2a.js:1:9912)\n    at renderWithHooks ({SITE}/static/vendor.js:2:4411)",
    )
    story.log(
        CONSOLE,
        9.12,
        "error",
        "main.4f2a.js:1",
        "The above error occurred in the <BasketLines> component:\n    at BasketLines\n    at BasketPage\n    at App",
    )
    story.truths = [Truth((CONSOLE,), "reading 'map'")]
    return story


def chunk_missing() -> Story:
    """A new version was put out while the page was open."""
    story = _browser("chunk_missing")
    story.request(12.0, "GET", f"{SITE}/static/settings.91bd.js", 404, 20.0)
    story.log(CONSOLE, 12.02, "error", "main.4f2a.js:1", f"GET {SITE}/static/settings.91bd.js 404 (Not Found)")
    story.log(
        CONSOLE,
        12.05,
        "error",
        "main.4f2a.js:1",
        f"ChunkLoadError: Loading chunk 17 failed. (error: {SITE}/static/settings.91bd.js)",
        f"    at __webpack_require__.f.j ({SITE}/static/main.4f2a.js:1:771)",
    )
    story.truths = [Truth((HAR, CONSOLE), "GET https://app.example/static/settings.91bd.js")]
    return story


def signed_out() -> Story:
    story = _browser("signed_out")
    for number in range(4):
        story.request(
            15.0 + number,
            "GET",
            f"{SITE}/api/{('me', 'news', 'mail', 'tasks')[number]}",
            401,
            12.0,
            body='{"error":"token expired"}',
        )
    story.truths = [Truth((), "401")]
    return story


def phone_parse() -> Story:
    """The backend answers well; the app cannot read it."""
    story = _phone("parse")
    story.request(20.0, "GET", f"{API}/v2/profile", 200)
    story.log(BACKEND, 20.03, "info", "app.access", "GET /v2/profile 200")
    trace = """com.squareup.moshi.JsonDataException: Expected an int but was 12.5 at path $.points
\tat com.squareup.moshi.JsonUtf8Reader.nextInt(JsonUtf8Reader.java:1023)
\tat com.acme.app.profile.ProfileJsonAdapter.fromJson(ProfileJsonAdapter.kt:61)
\tat com.acme.app.profile.ProfileRepository.load(ProfileRepository.kt:33)"""
    story.log(PHONE, 20.2, "error", "AndroidRuntime", "FATAL EXCEPTION: main\nProcess: com.acme.app, PID: 4242", trace)
    story.log(PHONE, 20.4, "warn", "ActivityTaskManager", "Force finishing activity com.acme.app/.MainActivity")
    story.truths = [Truth((PHONE,), "Expected an int but was 12.5")]
    return story


def phone_backend() -> Story:
    story = _phone("backend")
    for number in range(2):
        at = 22.0 + 5 * number
        trace = """Traceback (most recent call last):
  File "/venv/lib/python3.11/site-packages/starlette/routing.py", line 73, in app
    response = await f(request)
  File "/srv/backend/routes/upload.py", line 48, in upload
    exif = image.getexif()[306]
KeyError: 306"""
        story.log(BACKEND, at, "error", "uvicorn.error", "Exception in ASGI application", trace)
        story.log(BACKEND, at + 0.01, "info", "app.access", "POST /v2/photos 500")
        story.request(at - 0.2, "POST", f"{API}/v2/photos", 500, 230.0)
        story.log(PHONE, at + 0.05, "info", "OkHttp", f"<-- 500 {API}/v2/photos (230ms)")
        story.log(
            PHONE,
            at + 0.06,
            "error",
            "UploadWorker",
            "retrofit2.HttpException: HTTP 500 ",
            "\tat retrofit2.KotlinExtensions$await$2$2.onResponse(KotlinExtensions.kt:53)\n\tat com.acme.app.upload.UploadWorker.doWork(UploadWorker.kt:40)",
        )
    story.truths = [Truth((BACKEND,), "KeyError: 306")]
    return story


def phone_no_network() -> Story:
    story = _phone("no_network")
    for number in range(3):
        at = 22.0 + 3 * number
        story.log(
            PHONE,
            at,
            "info",
            "OkHttp",
            '<-- HTTP FAILED: java.net.UnknownHostException: Unable to resolve host "api.app.example": No address associated with hostname',
        )
        story.log(
            PHONE,
            at + 0.01,
            "error",
            "FeedRepository",
            "could not load the feed",
            'java.net.UnknownHostException: Unable to resolve host "api.app.example": No address associated with hostname\n\tat java.net.Inet6AddressImpl.lookupHostByName(Inet6AddressImpl.java:156)\n\tat com.acme.app.feed.FeedApi.page(FeedApi.kt:19)\n\tat com.acme.app.feed.FeedRepository.load(FeedRepository.kt:27)',
        )
    story.truths = [Truth((PHONE,), "Unable to resolve host")]
    return story
