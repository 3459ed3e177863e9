import pytest

from attention_book.tasks import IGNORED, records


def test_answers_are_the_traits_asked_for_of_the_record_that_is_meant():
    task = records.search(5, 7, 3)
    inputs, targets = task.train(100, 0)
    assert inputs.shape == (100, 12, 3)
    names = list(task.tokens.ids)
    for text, answers in zip(inputs.tolist(), targets.tolist(), strict=True):
        said = [[names[i] for i in record] for record in text[:5]]
        assert answers[:5] == [IGNORED] * 5
        for (given, wanted, _), answer in zip(text[5:], answers[5:], strict=True):
            (record,) = [record for record in said if names[given] in record]
            (right,) = [trait for trait in record if trait[0] == names[wanted][0]]
            assert names[answer] == right
            assert names[given][0] != names[wanted][0]


def test_no_value_of_a_trait_comes_twice():
    inputs, _ = records.search().train(50, 1)
    for trait in range(4):
        column = inputs[:, :6, trait]
        assert all(len(set(row)) == 6 for row in column.tolist())
        assert column.min() >= 8 * trait
        assert column.max() < 8 * trait + 8


@pytest.mark.parametrize(("n_records", "n_traits"), [(6, 4), (2, 2), (8, 3)])
def test_the_baseline_is_right_of_the_last_record_only(n_records, n_traits):
    assert records.search(n_records, 12, n_traits).baseline() == pytest.approx(
        1 / n_records, abs=0.02
    )


@pytest.mark.bad_input
@pytest.mark.parametrize("sizes", [(9,), (0,), (6, 0), (6, 12, 1), (6, 12, 5), (2.0,)])
def test_sizes_that_no_text_can_have_are_refused(sizes):
    with pytest.raises(
        (ValueError, TypeError), match=r"search: n_(records|questions|traits) must be"
    ):
        records.search(*sizes)
