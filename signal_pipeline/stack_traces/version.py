"""One version for all of stack traces; it goes up when the same text gives another trace or another identity."""

STACK_TRACES_VERSION = "2026.11.4"
# Changelog
# 2026.11.4  Julia, OCaml, Haskell, Lua, Perl, R, MATLAB, PL/SQL, PowerShell, Clojure, Godot
# 2026.11.3  traces of Rust whose head is told apart, ExceptionInfo
# 2026.11.2  stacks of the kernel with files and clocks, reports that another program marked, plain Exception
# 2026.11  all listed languages, in-app rules, names of functions, kinds of crashes, identity
