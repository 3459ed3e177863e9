from nbformat.v4 import new_code_cell, new_output

from tests.notebooks.cells import shown


def cell(html):
    return new_code_cell("x", outputs=[new_output("display_data", {"text/html": html})])


def test_a_sounds_bytes_are_no_text():
    player = '<audio src="data:audio/wav;base64,{}"></audio> 7 s'
    assert shown(cell(player.format("UklG3s/+27="))) == [("text/html", player.format(""))]


def test_all_else_is_shown():
    html = '<img src="data:image/png;base64,UklG3s"> 3.14'
    assert shown(cell(html)) == [("text/html", html)]
