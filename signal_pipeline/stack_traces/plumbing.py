"""Frames that say how a crash was noticed, not where it is: allocators, sanitizers, abort, assert, start-up."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.stack_traces.linear_pattern import linear
from signal_pipeline.stack_traces.model import StackFrame


@dataclass(frozen=True)
class PlumbingRow:
    """Functions of `languages` that match `pattern` never identify a crash."""

    name: str
    languages: str
    pattern: str
    example: str


PLUMBING: tuple[PlumbingRow, ...] = (
    PlumbingRow(
        "sanitizer",
        "native rust",
        r"^(?:__?(?:asan|lsan|msan|tsan|ubsan|sanitizer|interceptor|sancov|hwasan)\b|__(?:asan|lsan|msan"
        r"|tsan|ubsan|sanitizer|interceptor|sanitizer_cov|hwasan)[_:]|___?interceptor_|(?:__)?(?:asan"
        r"|msan|tsan|ubsan)_|wrap_)",
        "__asan_memcpy",
    ),
    PlumbingRow(
        "allocator",
        "native rust",
        r"^_*(?:libc_)?(?:malloc|calloc|realloc|free|cfree|memalign|aligned_alloc|posix_memalign|valloc"
        r"|strdup|strndup|malloc_printerr|int_free|int_malloc|zone_free|je_[a-z]+|mi_[a-z_]+|tc_[a-z]+"
        r"|moz_x?[a-z]*alloc|moz_arena_[a-z]+|operator (?:new|delete)(?:\[\])?|rdl_(?:oom|alloc|realloc)"
        r"|rust_(?:alloc|dealloc|realloc|oom)|rg_oom|rust_alloc_error_handler|alloc::alloc::.*"
        r"|alloc::raw_vec::.*|std::alloc::.*)\s*(?:\(.*)?$",
        "operator new(unsigned long)",
    ),
    PlumbingRow(
        "memory",
        "native",
        r"^_*(?:GI_)?_*(?:mem(?:cpy|move|set|cmp|chr)|str(?:len|cpy|cat|cmp|ncpy|ncmp|chr|str|dup)|wcslen"
        r"|bcmp|bzero)(?:_[a-z0-9_]+)?(?:\.[a-z0-9_]+)?\s*(?:\(.*)?$",
        "__memmove_avx_unaligned_erms",
    ),
    PlumbingRow(
        "abort",
        "native rust swift",
        r"^_*(?:GI_)?_*(?:raise|abort|gsignal|pthread_kill(?:_implementation|_internal|@.*)?|kill|tgkill"
        r"|exit|Exit|assert|assert_fail(?:_base)?|assert_rtn|assert2|fortify_fail|chk_fail|stack_chk_fail"
        r"|libc_message|libc_fatal|terminate|cxa_(?:throw|rethrow|pure_virtual|bad_cast|call_unexpected)"
        r"|gnu_cxx::.*verbose_terminate.*|cxxabiv1::.*|kernel_rt_sigreturn|restore_rt|sigtramp|sigaction"
        r"|libc_sigaction|invalid_parameter.*|purecall|invoke_watson|report_gsfailure|DebugBreak"
        r"|KiUserExceptionDispatcher|RaiseException|CxxThrowException|RtlFailFast.*|std::terminate"
        r"|std::__terminate|objc_exception_throw|exceptionPreprocess"
        r"|(?i:swift[ _]runtime[ _]failure).*|swift_stdlib_report.*"
        r"|swift_assertionFailure.*|assertionFailure.*|MOZ_(?:Crash|CrashOOL|Assert"
        r"|ReportAssertionFailure|ReportCrash)|mozalloc_(?:abort|handle_oom)|GeckoHandleOOM|rust_panic.*"
        r"|rust_start_panic|panic_abort.*|V8_Fatal|V8_Dcheck|FatalProcessOutOfMemory)\s*(?:\(.*)?$",
        "__GI_raise",
    ),
    PlumbingRow(
        "assertion",
        "native",
        r"^(?:backtrace|v8::base::debug::StackTrace::.*|v8::platform::.*PrintStackTrace.*"
        r"|v8::base::(?:OS::Abort|FatalOOM|DefaultDcheckHandler)"
        r"|(?:anonymous namespace\)::)?(?:v8::base::)?(?:V8_Fatal|V8_Dcheck)"
        r"|v8::internal::(?:V8::FatalProcessOutOfMemory|Heap::FatalProcessOutOfMemory"
        r"|FatalProcessOutOfMemory|ReportOOMFailure|Utils::ReportOOMFailure|Utils::ReportApiFailure"
        r"|Isolate::PushStackTraceAndDie)|v8::(?:V8|api_internal)::(?:ToLocalEmpty|FromJustIsNothing"
        r"|InternalFieldOutOfBounds)|v8::Utils::ReportApiFailure|v8::internal::IsolateSafepoint"
        r"|logging::(?:LogMessage|CheckError|NotReachedError|RawCheck|RawLog).*"
        r"|base::debug::(?:BreakDebugger|StackTrace|CollectStackTrace|DebugBreak).*|base::ImmediateCrash"
        r"|google::(?:LogMessage|DumpStackTrace|LogDestination|FailureSignalHandler).*"
        r"|absl::.*(?:log_internal|LogMessage|FailureSignalHandler).*|fuzzer::.*|LLVMFuzzerTestOneInput"
        r"|LLVMFuzzer.*|FuzzerTestOneInput|CrashTrampolineAsm|Unwind|blink::ReportFatalErrorInMainThread"
        r"|blink::ReportV8FatalError.*)",
        "fuzzer::Fuzzer::ExecuteCallback",
    ),
    PlumbingRow(
        "start",
        "native rust",
        r"^(?:_start|_init|_fini|start|start_main|start_thread|clone3?|__?clone|main|wmain|WinMain"
        r"|__libc_start_(?:main|call_main)(?:_impl)?.*|__libc_csu_init|call_init.*|__scrt_common_main_seh"
        r"|__tmainCRTStartup|invoke_main|mainCRTStartup|BaseThreadInitThunk|RtlUserThreadStart"
        r"|_*RtlUserThreadStart|RtlInitializeExceptionChain|thread_start|_pthread_(?:start|body)"
        r"|_*pthread_.*|dyld_.*|<signal handler called>|<missing>|<unknown>|CreateThread"
        r"|start_thread.*)\s*(?:\(.*)?$",
        "__libc_start_main_impl",
    ),
    PlumbingRow(
        "rust panic",
        "rust",
        r"^_?<?(?:std::(?:panicking|panic|sys|sys_common|rt|backtrace|backtrace_rs|io|thread)"
        r"|core::(?:panicking|result::unwrap_failed|option::(?:unwrap_failed|expect_failed)|ops::function"
        r"|fmt|panic|cell::panic|slice::index|str::slice_error|intrinsics)|backtrace(?:_rs)?"
        r"|panic_(?:unwind|abort)|alloc::(?:alloc|raw_vec)|rust_begin_unwind|__rust_(?:begin|end|maybe"
        r"|start)_.*|rust_eh_personality|libfuzzer_sys)(?:\b|$)|\.\.backtrace\.\.|DisplayBacktrace",
        "core::panicking::panic_fmt",
    ),
    PlumbingRow(
        "kernel",
        "native",
        r"^(?:_etext|_stext|\.[A-Za-z_.]+[0-9]+|dump_stack(?:_lvl|_print_info)?|dump_backtrace|show_stack|__?show_regs|print_address_description"
        r"|print_report|__?kasan_[a-z_]+"
        r"|kasan_[a-z_]+|check_memory_region|__die(?:_body)?|die|oops_end|no_context|page_fault_oops"
        r"|__?bad_area[a-z_]*"
        r"|__?do_page_fault|exc_[a-z_]+|asm_exc_[a-z_]+|do_(?:trap|error_trap|invalid_op)|__warn"
        r"|report_bug|handle_bug"
        r"|panic|invalid_op|general_protection|entry_SYSCALL_64[a-z_]*|do_syscall_64|ret_from_fork[a-z_]*"
        r"|kthread)(?:\.[a-z0-9.]+)?$",
        "kasan_report",
    ),
    PlumbingRow(
        "go panic",
        "go",
        r"^(?:panic|gopanic|goexit|gopark|goparkunlock|goPanic[A-Za-z]*|panic[A-Za-z]*|sigpanic|throw"
        r"|fatalthrow|fatalpanic|newstack|morestack|mcall|systemstack|raise|dopanic.*|main|asmcgocall"
        r"|cgocall.*|mallocgc|makeslice|growslice|_cgoexpwrap_.*|LLVMFuzzerTestOneInput)$",
        "goPanicIndex",
    ),
    PlumbingRow("java reflection", "java", r"^(?:fuzzerTestOneInput|fuzzerInitialize)$", "fuzzerTestOneInput"),
    PlumbingRow("php main", "php", r"^\{main\}$", "{main}"),
)

_BY_LANGUAGE = {
    language: linear("|".join(row.pattern for row in PLUMBING if language in row.languages.split()))
    for language in sorted({name for row in PLUMBING for name in row.languages.split()})
}


def is_plumbing(frame: StackFrame) -> bool:
    """True for frames that never identify a crash."""
    pattern = _BY_LANGUAGE.get(frame.language)
    if pattern is None:
        return False
    if frame.language == "go" and frame.module not in ("", "runtime", "main"):
        return False
    return pattern.search(frame.function) is not None
