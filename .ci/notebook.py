"""Executes the committed notebook. Texts must come out as they are committed, pictures to within a shade of grey."""

import base64
import io
import sys
from pathlib import Path

import matplotlib.image
import nbformat
import numpy
from nbclient import NotebookClient

FOLDER = Path("notebooks-output")
NOTEBOOK = FOLDER / "comparison.ipynb"
# Rasterisers round differently on different processors.
MOST_DIFFERENCE = 0.01


def executed(notebook):
    client = NotebookClient(notebook, timeout=300, record_timing=False, resources={"metadata": {"path": str(FOLDER)}})
    client.execute()
    # What depends on the machine and not on the notebook.
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return notebook


def texts(cell):
    for output in cell.get("outputs", []):
        yield output.output_type, output.get("text"), {kind: text for kind, text in output.get("data", {}).items() if kind != "image/png"}


def pictures(cell):
    for output in cell.get("outputs", []):
        if "image/png" in output.get("data", {}):
            yield matplotlib.image.imread(io.BytesIO(base64.b64decode(output.data["image/png"])))


def differences(committed, new):
    for number, (before, after) in enumerate(zip(committed.cells, new.cells, strict=True), start=1):
        if list(texts(before)) != list(texts(after)):
            yield f"cell {number}: {list(texts(before))} is now {list(texts(after))}"
        drawn = list(pictures(before)), list(pictures(after))
        if [picture.shape for picture in drawn[0]] != [picture.shape for picture in drawn[1]]:
            yield f"cell {number}: other pictures"
        elif any(numpy.abs(one - other).mean() > MOST_DIFFERENCE for one, other in zip(*drawn)):
            yield f"cell {number}: a picture differs"


def main():
    committed = nbformat.read(NOTEBOOK, as_version=4)
    new = executed(nbformat.read(NOTEBOOK, as_version=4))
    if "--update" in sys.argv[1:]:
        nbformat.write(new, NOTEBOOK)
        return
    found = list(differences(committed, new))
    if found:
        sys.exit("\n".join([f"{NOTEBOOK} is not what it gives now (bash .ci/notebook --update):", *found]))


main()
