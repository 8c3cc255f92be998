"""What the benchmarks are told on the command line."""

import pytest

from bench.__main__ import parse


def test_a_benchmark_has_the_settings_of_its_reported_figures_by_default() -> None:
    options = parse(["reserve"])
    assert (options.seconds, options.rounds, options.clients) == (10, 3, 256)
    assert (options.events, options.keys) == (50_000, 5_000)


def test_a_short_trial_is_asked_for_by_options() -> None:
    options = parse(["relay", "--seconds", "2", "--rounds", "1", "--events", "1000"])
    assert (options.seconds, options.rounds, options.events) == (2, 1, 1000)


def test_the_options_of_replay_are_the_demos() -> None:
    assert parse(["replay", "--weeks", "2", "--clients", "4"]).passed_on == [
        "--weeks",
        "2",
        "--clients",
        "4",
    ]


@pytest.mark.parametrize(
    "arguments", [[], ["unknown"], ["reserve", "--rounds", "0"], ["relay", "--weeks", "2"]]
)
def test_what_makes_no_sense_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse(arguments)
    assert "usage" in capsys.readouterr().err
