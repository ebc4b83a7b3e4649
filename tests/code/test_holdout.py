from banmian.data.holdout import held_out


def test_the_held_out_tenth_never_moves() -> None:
    # Known answers: a change of the hash would let trained articles into the score.
    held = [n for n in range(40) if held_out(f"标题{n}", "2020-02-13")]
    assert held == [6, 32]


def test_about_a_tenth_is_held_out() -> None:
    share = sum(held_out(f"标题{n}", "2020-02-13") for n in range(5000)) / 5000
    assert 0.085 < share < 0.115


def test_title_and_date_both_count() -> None:
    assert len({held_out("标题", f"2020-02-{day:02d}") for day in range(1, 29)}) == 2
