"""The comparison with CDC's printed figures, on figures made up here."""

from decimal import Decimal
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from examples.yrbs2019 import published
from examples.yrbs2019.compare import compare, judge
from examples.yrbs2019.published import PublishedFigure
from pipeline import REPOSITORY
from pipeline.definitions.fit import load_catalogue

HEADER = (
    "wave,area_id,grade,gender,measure_id,statistic,n,estimate,se,df,"
    "logit_lower,logit_upper,kg_lower,kg_upper\n"
)
ROW = (
    "2019,united_states,all,{gender},{measure},share,100,{estimate},0.01,37,"
    "{lower},{upper},{lower},{kg_upper}\n"
)
SEAT_BELT = ROW.format(
    gender="all",
    measure="qn8_seat_belt",
    estimate=0.2,
    lower=0.104999,
    upper=0.3,
    kg_upper=0.0799485,
)
VAPOR = ROW.format(
    gender="male", measure="qn35_vapor", estimate=0.3195, lower=0.3, upper=0.34, kg_upper=0.34
)


def printed(text: str, variable: str = "QN58", quantity: str = "estimate") -> PublishedFigure:
    return PublishedFigure("table", variable, "all", quantity, Decimal(text))


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    (tmp_path / published.TABLE_3).write_text(
        "variable,software,pct,se,lo,hi,n,weighted_n,df,note\n"
        "QN8,SAS SurveyFreq,99,9,9,9,9,9,9,not compared\n"
        "QN8,SUDAAN Crosstab,20.00,1.00,10.50,30.00,100,90,37,\n"
        "QN8,R survey 4.0 (svyciprop beta),20.00,1.00,10.50,8.00,100,90,,\n"
    )
    (tmp_path / published.TOBACCO).write_text(
        "indicator,group,est,lo,hi\nevp,Male,32.0,30.0,34.0\n"
    )
    (tmp_path / published.POINTS).write_text(
        "variable,indicator,total,male,female,source\nQN8,belts,20.0,,,MMWR su6901a5\n"
    )
    return tmp_path


def run(tables: Path, estimates: str) -> tuple[int, list[str]]:
    path = tables / "estimates.csv"
    path.write_text(estimates)
    app = typer.Typer()
    app.command()(compare)
    outcome = CliRunner().invoke(app, ["--estimates", str(path), "--published", str(tables)])
    return outcome.exit_code, outcome.output.splitlines()


@pytest.mark.parametrize(
    ("computed", "verdict"),
    [
        ("31.95", "equal"),
        ("32.05", "equal"),
        ("32.0500000001", "equal"),
        ("31.9499", "DIFFERS"),
        ("32.0501", "DIFFERS"),
    ],
)
def test_equal_means_within_half_of_the_last_printed_digit(computed: str, verdict: str) -> None:
    assert judge(printed("32.0"), Decimal(computed)) == verdict


def test_printed_zeros_are_digits() -> None:
    assert judge(printed("8.00"), Decimal("8.004")) == "equal"
    assert judge(printed("8.00"), Decimal("8.04")) == "DIFFERS"


@pytest.mark.parametrize(
    ("variable", "quantity", "computed", "verdict"),
    [
        ("QN8", "kg_upper", "7.9948", "explained"),
        ("QN8", "kg_upper", "7.9944", "DIFFERS"),
        ("QN8", "logit_upper", "7.9948", "DIFFERS"),
        ("QN58", "kg_upper", "7.9948", "DIFFERS"),
    ],
)
def test_only_the_known_difference_is_explained(
    variable: str, quantity: str, computed: str, verdict: str
) -> None:
    assert judge(printed("8.00", variable, quantity), Decimal(computed)) == verdict


def test_all_figures_are_compared_and_counted(tables: Path) -> None:
    exit_code, lines = run(tables, HEADER + SEAT_BELT + VAPOR)
    assert exit_code == 0
    assert lines[-1] == "12 figures: 11 equal at the printed digit, 1 explained, 0 differ"


def test_a_wrong_estimate_is_told(tables: Path) -> None:
    exit_code, lines = run(tables, HEADER + SEAT_BELT + VAPOR.replace("0.3195", "0.3194"))
    assert exit_code == 1
    assert [line.split()[:4] for line in lines if line.endswith("DIFFERS")] == [
        ["su6901a7", "QN35", "male", "estimate"]
    ]
    assert lines[-1] == "12 figures: 10 equal at the printed digit, 1 explained, 1 differ"


def test_an_absent_estimate_is_not_passed_over(tables: Path) -> None:
    exit_code, lines = run(tables, HEADER + SEAT_BELT)
    assert exit_code == 1
    assert lines[-1] == "12 figures: 8 equal at the printed digit, 1 explained, 3 differ"


def test_an_empty_or_undefined_number_is_absent(tables: Path) -> None:
    for nothing in ("", "nan", "inf"):
        _, lines = run(tables, HEADER + SEAT_BELT + VAPOR.replace("0.3195", nothing))
        assert sum(line.endswith("MISSING") for line in lines) == 1


def test_other_rows_are_left_out(tables: Path) -> None:
    others = "".join(
        [
            SEAT_BELT.replace("all,all", "g9,all").replace("0.2,", "0.9,"),
            SEAT_BELT.replace("share", "mean").replace("0.2,", "0.9,"),
            SEAT_BELT.replace("2019", "2017").replace("0.2,", "0.9,"),
            SEAT_BELT.replace("united_states", "elsewhere").replace("0.2,", "0.9,"),
        ]
    )
    exit_code, _ = run(tables, HEADER + SEAT_BELT + VAPOR + others)
    assert exit_code == 0


def test_two_rows_for_one_estimate_are_refused(tables: Path) -> None:
    exit_code, lines = run(tables, HEADER + SEAT_BELT + SEAT_BELT)
    assert exit_code == 2
    assert "two rows for qn8" in lines[-1]


def test_a_missing_table_or_column_is_told(tables: Path) -> None:
    exit_code, lines = run(tables, "wave\n")
    assert exit_code == 2
    assert "lacks the columns area_id, estimate, gender" in lines[-1]
    (tables / published.POINTS).unlink()
    exit_code, lines = run(tables, HEADER)
    assert exit_code == 2
    assert "cannot be read" in lines[-1]


def test_the_sites_definitions_fit_together() -> None:
    catalogue = load_catalogue(REPOSITORY / "examples" / "yrbs2019")
    measured = {outcome.id.partition("_")[0] for outcome in catalogue.outcomes}
    assert {name.lower() for name in published.TOBACCO_VARIABLES.values()} <= measured
    for outcome in catalogue.outcomes:
        assert [item.id for item in outcome.items] == [outcome.id.partition("_")[0]]
