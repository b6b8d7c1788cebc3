"""Three comparisons across speakers and years, each in a few lines of pandas.

Run it in a clone: ``python -m docs.three_comparisons``; with the wheel the file alone does. The tests run it too.
"""

# %%
from __future__ import annotations

import pandas as pd

import secgov

proposals = secgov.load("proposals", labels=True).assign(record=lambda frame: "proposals/" + frame["id"])
relations = secgov.load("relations", labels=True)
pd.set_option("display.max_colwidth", 80, "display.width", 220)
print(f"secgov {proposals.attrs['version']}\n")

# %% 1. Which demands of the 14th BRICS security meeting return at the 15th?
first = proposals[(proposals["forum"] == "brics-nsa-14") & proposals["parent"].notna()]
next_year = proposals.loc[proposals["forum"] == "brics-nsa-15", "record"]
returns = relations[relations["kind"].isin(["reaffirms", "echoed-in"])]
forwards = returns[returns["record"].isin(first["record"]) & returns["to"].isin(next_year)]
backwards = returns[returns["record"].isin(next_year) & returns["to"].isin(first["record"])]
pairs = pd.concat([forwards.rename(columns={"record": "2024", "to": "2025"}), backwards.rename(columns={"to": "2024", "record": "2025"})])
pairs = pairs[["2024", "2025"]].drop_duplicates()
labels = proposals.set_index("record")["label"]
print(f"1. Of {len(first)} demands of 2024, {pairs['2024'].nunique()} return in 2025\n")
print(pairs.apply(lambda column: column.map(labels)).to_string(index=False), "\n")

# %% 2. How would each group change the size of the Security Council?
COUNCIL = "un-security-council"
KINDS = ["seats", "permanent-seats", "non-permanent-seats", "renewable-seats"]
quantities = secgov.load("quantities").query("of == @COUNCIL and held_by.isna()")
today = quantities[quantities["record"] == f"institutions/{COUNCIL}"].set_index("quantity")["low"]
asked = quantities[~quantities["record"].str.startswith("institutions/")]
asked = asked.assign(plan=asked["record"].str.split(".").str[0], high=asked["high"].fillna(asked["low"]))
on_top = asked["quantity"].map(today).astype(float).where(asked["change"], 0)  # a number may come on top of what there is
ends = zip(asked["low"] + on_top, asked["high"] + on_top, strict=True)
asked["number"] = [f"{low:g}" if low == high else f"{low:g}–{high:g}" for low, high in ends]
table = asked.groupby(["plan", "quantity"], observed=True)["number"].agg(lambda numbers: " or ".join(dict.fromkeys(numbers))).unstack()
involvements = secgov.load("involvements", labels=True).query("role in ['proposer', 'author']")
by = involvements["actor_label"].fillna(involvements["note"]).groupby(involvements["record"]).agg(lambda names: ", ".join(names.dropna()))
dates = pd.concat(
    secgov.load(name).assign(plan=lambda frame, name=name: f"{name}/" + frame["id"]).set_index("plan")["date"]
    for name in ("proposals", "recommendations")
)
table = table.reindex(columns=KINDS).join(dates).join(by.rename("by").str.slice(0, 60)).sort_values("date").set_index("by").fillna("")
print(f"2. Seats of the Security Council: today {today['seats']:g} ({today['permanent-seats']:g} + {today['non-permanent-seats']:g})\n")
print(table.to_string(), "\n")

# %% 3. Which plans for the same conflict share a point?
topics = secgov.load("proposal_topics", labels=True).assign(plan=lambda frame: frame["proposal"].str.split(".").str[0])
conflicts = secgov.load("topics").query("broader == 'armed-conflict' and id.str.endswith('-conflict')")["id"]
for conflict in conflicts:
    plans = topics.loc[(topics["topic"] == conflict) & (topics["proposal"] == topics["plan"]), "plan"]
    if len(plans) < 2:
        continue
    points = topics[topics["plan"].isin(plans) & (topics["proposal"] != topics["plan"]) & (topics["topic"] != conflict)]
    shared = pd.crosstab(points["topic_label"], points["plan"]).astype(bool)
    shared = shared[shared.sum(axis=1) > 1].loc[lambda frame: frame.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    names = proposals.set_index("id")["label"]
    print(f"3. Points that at least two of {len(plans)} plans share ({conflict})\n")
    for number, plan in enumerate(shared.columns, 1):
        print(f"   {number}  {names[plan]}")
    print()
    print(shared.set_axis(range(1, shared.shape[1] + 1), axis=1).replace({True: "x", False: ""}).to_string(), "\n")
