"""One version for everything that reads files; it goes up when a reader gives other entries for the same bytes."""

PARSERS_VERSION = "2026.12.2"
# Changelog
# 2026.11  HAR and log readers, stack traces of all listed languages
# 2026.11.1  times of day without a date, request ids beside trace ids, b3 headers
# 2026.11.2  HAR: values of any type, bare logs, failures under a status of success, what neighbours tell of an exchange
# 2026.11.3  wrappers in two levels and by source, traces stamped line by line
# 2026.11.4  JSON documents; log lines in the messages of JSON records
# 2026.11.5  traces below debug records, stray level words, last words of processes, interrupted frames
# 2026.11.6  more formats and times; headings of tables
# 2026.11.7  several encodings in one file
# 2026.11.8  packet captures
# 2026.11.9  business events
# 2026.11.10  facts and features of flows; their numbers by first packet; passwords without encryption
# 2026.11.11  HAR: close codes in base64, pages in place of JSON, classes of traces in error pages
# 2026.11.12  certificates; tables of flow meters
# 2026.11.13  reports of several lines
# 2026.11.14  heads of glog without thread and bracket
# 2026.11.15  written text: read-me files, source code, settings
# 2026.11.16  JSON documents that end too early; `requestid` in events
# 2026.11.17  times and objects of events of Kubernetes
# 2026.11.18  HAR: more wordings of failures, pages that repeat the status, refusals that a client answers by itself
# 2026.11.19  reports of data races, Cowboy, Clojure, OTP, PHPUnit, ESLint; traces of Lua, Julia, Haskell, OCaml
# 2026.11.20  captures: HTTP over segments and chunks, DNS on other ports, DTLS
# 2026.11.21  levels after other fields of a head, single letters, states of checks; heads of more servers
# 2026.11.22  debug logs of npm; manuals and lists of which no line is as a program prints it
# 2026.11.23  heads of Ray, log15, Lighthouse, OSSEC; levels of Nextcloud
# 2026.11.24  reports of crashes of phones, kernels, valgrind, C++, Flutter, R, MATLAB, ABAP, Oracle; Spring, RabbitMQ
# 2026.11.25  exports of Windows' event log as JSON; exceptions of .NET with a code
# 2026.11.26  HAR: refusals in redirects, faults in plain texts, searches in part
# 2026.11.27  captures: services that first data name
# 2026.11.28  fields right after a time of day
# 2026.12  MongoDB's message inside attr.message; lines of BuildKit
# 2026.12.1  captures: datagrams in fragments
# 2026.12.2  alert logs in XML; crashes with a native backtrace; recaps of Jest
