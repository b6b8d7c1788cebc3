"""Three questions that an analyst would ask, each in a few lines of pandas.

Run it in a clone: ``python -m docs.three_questions [folder for the picture]``; with the wheel the file alone does. The tests run it too.
"""

# %%
from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import secgov

statements = pd.concat(
    secgov.load(table)[["id", "label", "implicit"]].assign(record=lambda frame, table=table: f"{table}/" + frame["id"])
    for table in ("proposals", "recommendations", "claims")
).set_index("record")
involvements = secgov.load("involvements", labels=True)
print(f"secgov {involvements.attrs['version']}\n")

# %% 1. Which demands are addressed to the Security Council?
addressed = involvements.query("role == 'addressee' and actor == 'institutions/un-security-council'")
to_the_council = statements.loc[addressed["record"], ["label", "implicit"]]
print("1. Demands addressed to the Security Council\n")
print(to_the_council.to_string(), "\n")

# %% 2. Which claims of one author are contradicted, and by whom?
akram = involvements.query("role == 'asserter' and actor == 'people/khalid-taimur-akram'")["record"]
contradictions = secgov.load("contradictions", labels=True)
contradicted = contradictions[("claims/" + contradictions["claim"]).isin(akram)]
asserters = involvements.query("role == 'asserter'")
asserters = asserters.assign(speaker=asserters["actor_label"].fillna(asserters["note"]).fillna(asserters["kind"].astype("string")))
speakers = asserters.groupby("record")["speaker"].agg("; ".join)
by = contradicted["by"].map(speakers)
voices = secgov.load("claims", labels=True).assign(record=lambda frame: "claims/" + frame["id"]).set_index("record")["own_voice_of_label"]
evidence = "the evidence on '" + contradicted["field"] + "' of " + contradicted["by_label"]
by = by.fillna("the source itself: " + contradicted["by"].map(voices)).fillna(evidence)
answers = pd.DataFrame({"claim": contradicted["claim_label"], "contradicted by": by}).reset_index(drop=True)
print("2. Claims of the essay that something contradicts\n")
print(answers.to_string(), "\n")

# %% 3. Which proposals came up again later, and what is known of their status?
proposals = secgov.load("proposals").assign(record=lambda frame: "proposals/" + frame["id"]).set_index("record")
again = secgov.load("statuses").query("status == 'repeated'").set_index("record")["date"].rename("repeated")
echoes = secgov.load("relations", labels=True).query("kind == 'echoed-in'").groupby("record")["to_label"].agg("; ".join).rename("echoed in")
later = proposals[["label", "status", "status_as_of"]].join(again).join(echoes).dropna(subset=["repeated", "echoed in"], how="all")
print("3. Proposals that came up again, and their last known status\n")
print(later.reset_index(drop=True).to_string(), "\n")

# %% A picture says it better: what is known to have become of each of the proposals
known = proposals["status"].cat.remove_unused_categories().value_counts().sort_values(kind="stable")


def draw(folder: Path) -> Path:
    """The last known status of the proposals, as an SVG that is the same on every run."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "secgov"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 0.5 + 0.45 * len(known)), layout="constrained")
    bars = axes.barh(known.index.astype(str), known.to_numpy(), color="#35618f")
    axes.bar_label(bars, padding=3)
    axes.set(title=f"Last known status of {known.sum()} proposals", xlabel="proposals")
    axes.spines[["top", "right"]].set_visible(False)
    path = folder / "status_of_proposals.svg"
    figure.savefig(path, metadata={"Date": None})
    return path


if len(sys.argv) > 1:
    print(f"the picture is {draw(Path(sys.argv[1]))}")
