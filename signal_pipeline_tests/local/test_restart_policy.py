from signal_pipeline.local.restart_policy import RestartHistory, RestartPolicy

POLICY = RestartPolicy(first_pause=1, growth=2, longest_pause=5, deaths_allowed=5, forgive_after=60)


def pauses(*lives: float) -> list[float | None]:
    history = RestartHistory(POLICY)
    return [history.pause_after_death(lived) for lived in lives]


def test_pauses_grow_to_the_longest_and_then_it_gives_up():
    assert pauses(0, 0, 0, 0, 0, 0) == [1, 2, 4, 5, 5, None]


def test_a_long_life_is_a_clean_slate():
    assert pauses(0, 0, 61, 0) == [1, 2, 1, 2]


def test_a_life_just_too_short_is_not():
    assert pauses(0, 59.9) == [1, 2]


def test_forgiven_deaths_do_not_count():
    history = RestartHistory(POLICY)
    history.pause_after_death(0)
    history.forgive()
    assert history.pause_after_death(0) == 1
