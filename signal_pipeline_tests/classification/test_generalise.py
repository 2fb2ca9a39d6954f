from __future__ import annotations

import random

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.generalise import MAX_TEMPLATES, generalise_templates, template_map
from signal_pipeline.classification.seen_templates import SeenTemplates, evidence_of, with_coarser
from signal_pipeline_tests.classification.frames import log_frame


def coarse(*templates: str) -> set[str]:
    found = template_map(templates)
    return {found.get(template, template) for template in templates}


def test_package_names_become_one():
    assert coarse(*(f"acquire lock for {name} now" for name in ("com.android.phone", "com.example.notes"))) == {
        "acquire lock for <*> now"
    }


def test_many_plain_words_become_one():
    words = ("red", "green", "blue", "cyan", "pink", "grey", "brown")
    assert coarse(*(f"the lamp turned {word} again today" for word in words)) == {"the lamp turned <*> again today"}


def test_a_few_states_stay_apart():
    states = {f"VM {state} (Lifecycle Event) was seen" for state in ("Paused", "Resumed", "Started", "Stopped")}
    assert coarse(*states) == states


def test_many_methods_of_a_request_are_values_and_few_are_things_to_ask_for():
    methods = {f'<IP> "{method} <PATH>" status: <NUM>' for method in ("GET", "POST", "DELETE", "PUT")}
    assert coarse(*methods) == {'<IP> "<*>" status: <NUM>'}
    few = sorted(methods)[:3]
    assert coarse(*few) == set(few)


def test_states_in_capitals_stay_apart():
    states = {f"member is {state} since the last election" for state in ("FOLLOWING", "LEADING", "LOOKING")}
    assert coarse(*states) == states


def test_states_behind_a_label_stay_apart():
    assert len(coarse("the server started on its port", "the server stopped on its port")) == 2
    assert len(coarse("link of the interface is up again now", "link of the interface is down again now")) == 2


def test_constants_at_the_end_of_a_name_say_what_happened():
    actions = {f"broadcast received: android.intent.action.{a}" for a in ("SCREEN_ON", "SCREEN_OFF", "TIME_TICK")}
    assert coarse(*actions) == actions


def test_leading_words_stay_apart():
    services = {f"{name} startup succeeded" for name in ("klogd", "syslogd", "hcid", "cupsd", "portmap", "sdpd", "irq")}
    assert coarse(*services) == services


def test_values_at_two_places():
    assert coarse("name=a.b.C, lock=<NUM> by x.y", "name=d.e.F, lock=<HEX> by z.w") == {"name=<*>, lock=<*> by <*>"}


def test_order_of_rows_is_irrelevant():
    templates = [f"open {a}.{b} for {a}" for a in ("ab", "cd", "ef") for b in ("gh", "ij")]
    shuffled = random.Random(3).sample(templates, len(templates))
    assert template_map(templates) == template_map(shuffled)


def test_signatures_and_everything_else_stay():
    messages = [f"login of {name} failed" for name in ("ada", "bob", "cyd", "dan", "eve", "fay", "gus")]
    entries = classify_entries(log_frame(messages, "error"))
    after = generalise_templates(entries)
    assert set(after["template"]) == {"login of <*> failed"}
    assert after["template_id"].n_unique() == 1
    other = [name for name in entries.columns if name not in ("template", "template_id")]
    assert after.select(other).equals(entries.select(other))
    assert after.columns == entries.columns


def test_nothing_to_merge_changes_nothing():
    entries = classify_entries(log_frame(["one thing", "quite another matter"]))
    assert generalise_templates(entries).equals(entries)
    assert generalise_templates(entries.clear()).equals(entries.clear())


def test_too_many_templates_are_left_alone():
    assert template_map(f"word{i}.x y" for i in range(MAX_TEMPLATES + 1)) == {}


def test_a_file_in_pieces_becomes_coarser_as_a_whole_does():
    names = ("com.android.phone", "com.example.notes", "org.example.maps")
    whole = classify_entries(log_frame([f"cannot lock {name} now" for name in names], "error"))
    seen = SeenTemplates()
    for row in range(whole.height):
        seen.add(whole["template"][row : row + 1])
    found = with_coarser(whole.lazy(), seen.coarser()).collect()
    assert found.equals(generalise_templates(whole))
    assert found["template"].n_unique() == 1
    assert found["signature_hash"].equals(whole["signature_hash"])


def test_a_coarser_template_says_what_it_was_concluded_from():
    seen = SeenTemplates()
    seen.add(
        classify_entries(log_frame([f"cannot lock {name} now" for name in ("a.b.C", "d.e.F", "g.h.I")]))["template"]
    )
    seen.add(classify_entries(log_frame(['open "a" in "b"', 'open "c" in "d"', "done"]))["template"])
    assert list(evidence_of(seen.coarser()).items()) == [("cannot lock <*> now", 3), ('open "<*>" in "<*>"', 2)]
