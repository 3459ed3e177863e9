import subprocess
import sys

import attention_book


def run(code):
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return result.stdout.strip()


def test_importing_is_light():
    loaded = "import attention_book, sys; print(*{m.split('.')[0] for m in sys.modules})"
    assert not {"matplotlib", "altair", "scipy", "transformers"} & set(run(loaded).split())
    assert "matplotlib" in run(loaded.replace("attention_book,", "attention_book.figures,")).split()


def test_importing_leaves_the_global_seed_alone():
    draw = "import torch; torch.manual_seed(7); {} print(torch.rand(1).item())"
    assert run(draw.format("import attention_book, attention_book.figures;")) == run(
        draw.format("")
    )


def test_every_public_name_is_documented():
    for name in attention_book.__all__:
        assert len(getattr(attention_book, name).__doc__ or "") > 30, name
