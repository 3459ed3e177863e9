from attention_book import progress


def watched(monkeypatch, terminal=False, **environment):
    for name in ("CI", *progress.FRONT_ENDS):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal, raising=False)
    return progress.watched()


def test_a_bar_only_where_a_person_watches(monkeypatch):
    assert not watched(monkeypatch)
    assert watched(monkeypatch, terminal=True)
    assert watched(monkeypatch, COLAB_RELEASE_TAG="1")
    assert watched(monkeypatch, JPY_SESSION_NAME="a.ipynb")
    assert not watched(monkeypatch, terminal=True, CI="true")
    assert not watched(monkeypatch, JPY_SESSION_NAME="a.ipynb", CI="true")


def test_the_bar_is_silent_unless_watched(monkeypatch, capsys):
    watched(monkeypatch)
    assert list(progress.progress(range(3), 3, "training")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")
    watched(monkeypatch, COLAB_RELEASE_TAG="1")
    monkeypatch.setattr(progress, "DELAY", 0)
    assert list(progress.progress(range(3), 3, "training")) == [0, 1, 2]
    assert "training" in capsys.readouterr().err
