import os
import signal
import threading

import pytest

from signal_pipeline.local.deferred_signals import DeferredSignals


class Asked(BaseException):
    pass


@pytest.fixture(autouse=True)
def handler():
    def ask(_number, _frame):
        raise Asked

    before = signal.signal(signal.SIGTERM, ask)
    yield ask
    signal.signal(signal.SIGTERM, before)


def send():
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_signal_waits_until_it_is_delivered():
    reached = []
    with DeferredSignals() as signals:
        send()
        reached.append("after the signal")
        with pytest.raises(Asked):
            signals.deliver()
        signals.deliver()
    assert reached == ["after the signal"]


def test_what_arrived_is_raised_at_the_end():
    reached = []
    with pytest.raises(Asked), DeferredSignals():
        send()
        reached.append("after the signal")
    assert reached == ["after the signal"]


def test_afterwards_everything_is_as_before(handler):
    with DeferredSignals():
        assert signal.getsignal(signal.SIGTERM) is not handler
    assert signal.getsignal(signal.SIGTERM) is handler
    with pytest.raises(Asked):
        send()


def test_a_signal_that_is_ignored_or_left_to_the_system_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with DeferredSignals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_it_changes_nothing(handler):
    seen = []

    def check():
        with DeferredSignals() as signals:
            seen.append(signal.getsignal(signal.SIGTERM))
            signals.deliver()

    thread = threading.Thread(target=check)
    thread.start()
    thread.join()
    assert seen == [handler]
