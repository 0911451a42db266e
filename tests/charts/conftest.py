"""What the tests of charts share: toy tables of any number of documents, and how a drawing is read."""

import numpy as np
import pandas as pd
import pytest

from crossread.charts import figures

TALLEST = 14.5  # inches: two screens
KEYS = ("cost.money", "cost.effort", "rise_named", "rise.power", "rise.conduct")
THEMES = ("cost", "rise")
LONG = "Report of the interministerial commission on the future of alliances, volume seven of nine"


class Reading:
    """How a drawing is read: its words, and whether they lie inside the picture and beside each other."""

    @staticmethod
    def figure_of(drawing):
        return np.ravel(drawing)[0].figure

    @staticmethod
    def words(*axes) -> list[str]:
        return [text.get_text() for ax in np.ravel(axes) for text in ax.texts if text.get_text()]

    def all_words(self, drawing) -> str:
        from matplotlib.text import Text

        return "\n".join(text.get_text() for text in self.figure_of(drawing).findobj(Text))

    def assert_laid_out(self, drawing) -> None:
        """No word is small, cut off or covered by another; the picture is at most two screens high."""
        picture = self.figure_of(drawing)
        assert picture.get_figheight() <= TALLEST and picture.get_figwidth() == 8
        picture.dpi = figures.PNG_DPI
        with figures._noting_letters() as letters:
            picture.draw_without_rendering()
        figures._check_lettering(picture, letters, "fig-99-toy")


@pytest.fixture(scope="session")
def reading() -> Reading:
    return Reading()


class Toys:
    """Toy tables of n documents: names, one of them long, and counts that follow from their places."""

    @staticmethod
    def ids(n: int) -> list[str]:
        return [f"d{number:03d}" for number in range(n)]

    def documents(self, n: int) -> pd.DataFrame:
        labels = [LONG if number == 2 else f"Author & Author {2000 + number}" for number in range(n)]
        genres = ["op-ed", "report page", "book chapter"]
        return pd.DataFrame(
            {"label": labels, "genre": [genres[number % 3] for number in range(n)], "n_tokens": 400, "n_sentences": 20},
            index=self.ids(n),
        )

    def rates(self, n: int, keys=THEMES) -> pd.DataFrame:
        rows = [
            (doc_id, key, (3 * number + 5 * place) % 7, 20 + number % 3)
            for number, doc_id in enumerate(self.ids(n)) for place, key in enumerate(keys)
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=["doc_id", "key", "sentences_with_hit", "n_sentences"])
        table["share"] = table["sentences_with_hit"] / table["n_sentences"]
        table["share_low"], table["share_high"] = table["share"] / 2, np.minimum(table["share"] * 1.5 + 0.05, 1)
        return table.assign(per_1000=table["share"] * 40, low=table["share"] * 20, high=table["share"] * 60 + 2,
                            silent=table["sentences_with_hit"] == 0)  # fmt: skip

    def contrasts(self, n: int) -> pd.DataFrame:
        """Pairs of up to eight documents; of more each against all others."""
        ids, rates = self.ids(n), self.rates(n).set_index(["key", "doc_id"])
        rows = []
        for key in THEMES:
            pairs = [(a, b) for place, a in enumerate(ids) for b in ids[place + 1 :]] if n <= 8 else [
                (a, "all others") for a in ids]  # fmt: skip
            for number, (a, b) in enumerate(pairs):
                one = rates.loc[(key, a)]
                other = rates.loc[(key, b)] if n <= 8 else rates.loc[key].sum()
                other_share = other["sentences_with_hit"] / other["n_sentences"]
                verdict = ("not distinguishable", "supported", "too few units")[number % 3]
                ratio = 2.5 if verdict == "not distinguishable" else np.inf
                rows.append((key, a, b, one["share"], other_share, one["sentences_with_hit"], one["n_sentences"],
                             other["sentences_with_hit"], other["n_sentences"], verdict, ratio))  # fmt: skip
        names = ["key", "doc_a", "doc_b", "share_a", "share_b", "sentences_a", "n_a", "sentences_b", "n_b", "verdict"]
        return pd.DataFrame(rows, columns=[*names, "minimum_ratio"])

    def places(self, n: int) -> pd.DataFrame:
        rows = [
            (doc_id, key, (number % 5 + 1) * (hit + 1) / 26, 400)
            for number, doc_id in enumerate(self.ids(n)) for key in THEMES for hit in range(number % 4)
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=["doc_id", "key", "place", "n_tokens"])
        return table.astype({"key": pd.CategoricalDtype(list(THEMES))})

    def frequencies(self, n: int, terms=("allies", "responsibility", "war")) -> pd.DataFrame:
        rows = [
            (doc_id, term, (number + 2 * place) % 5, 400)
            for place, term in enumerate(terms) for number, doc_id in enumerate(self.ids(n))
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=["doc_id", "term", "count", "n_tokens"])
        table["per_1000"] = 2.5 * table["count"]
        return table.assign(low=table["per_1000"] / 2, high=table["per_1000"] * 2 + 3)

    def keyness(self, n: int, words: int = 12) -> pd.DataFrame:
        rows = []
        for number, doc_id in enumerate(self.ids(n)):
            for word in range(words):
                ratio = (word - 4) * (1 + number % 3) / 2
                verdict = "supported" if word % 4 == 1 else "not distinguishable"
                name = f"responsibilities{word}" if word == 11 else f"word{number}x{word}"
                rows.append((doc_id, "all others", name, 9, 400, 4, 900, 5.0, ratio, ratio - 0.3, ratio + 0.3, verdict))
        names = ["doc_id", "reference", "term", "count", "n_tokens", "reference_count", "reference_n_tokens", "g2"]
        return pd.DataFrame(rows, columns=[*names, "log_ratio", "low", "high", "verdict"])

    def spelling(self, n: int) -> pd.DataFrame:
        forms = {"United States": ("US", "U.S.", "United States"), "defense or defence": ("defense", "defence")}
        rows = [
            (doc_id, group, form, (number + place) % (len(group_forms) + 1))
            for number, doc_id in enumerate(self.ids(n))
            for group, group_forms in forms.items() for place, form in enumerate(group_forms)
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=["doc_id", "group", "form", "count"])
        table["group_count"] = table.groupby(["doc_id", "group"])["count"].transform("sum")
        return table.assign(share=table["count"] / table["group_count"])

    def account(self, n: int) -> pd.DataFrame:
        rows = [
            (doc_id, part, tokens * (1 + number % 4))
            for number, doc_id in enumerate(self.ids(n))
            for part, tokens in (("body", 300), ("headings and notes", 20), ("cut", 80))
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=["doc_id", "held_as", "n_tokens"])
        return table.assign(share=table["n_tokens"] / table.groupby("doc_id")["n_tokens"].transform("sum"))

    def similarity(self, n: int) -> pd.DataFrame:
        ids = self.ids(n)
        rows = [
            (a, b, "delta", 0.5 + ((3 * one + 5 * (one + two)) % 11) / 10)
            for one, a in enumerate(ids) for two, b in enumerate(ids[one:])
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=["doc_a", "doc_b", "measure", "value"])
        return table.assign(low=table["value"] - 0.1, high=table["value"] + 0.1)

    def map(self, n: int) -> pd.DataFrame:
        angles = np.arange(n) * 2.4
        radii = 0.2 + np.arange(n) / n
        points = pd.DataFrame({"kind": "document", "name": self.ids(n), "x": radii * np.cos(angles),
                               "y": radii * np.sin(angles), "region_width": 0.1, "region_height": 0.05,
                               "region_angle": 20.0, "contribution_x": 0.0, "contribution_y": 0.0})  # fmt: skip
        words = pd.DataFrame({"kind": "term", "name": [f"word{number}" for number in range(40)],
                              "x": np.cos(np.arange(40) * 1.7), "y": np.sin(np.arange(40) * 1.1),
                              "contribution_x": np.arange(40) / 780, "contribution_y": 0.01})  # fmt: skip
        return pd.concat([points, words], ignore_index=True).assign(share_x=0.4, share_y=0.2)

    def marks(self, n: int) -> pd.DataFrame:
        table = self.rates(n, KEYS)[["doc_id", "key", "sentences_with_hit", "n_sentences"]]
        table = table.rename(columns={"sentences_with_hit": "counted"})
        table["marked"] = (table["counted"] * 2 + 1) % 9
        table["both"] = np.minimum(table["counted"], table["marked"]) // 2
        table["only_counted"], table["only_marked"] = table["counted"] - table["both"], table["marked"] - table["both"]
        return table.assign(share_counted=table["counted"] / table["n_sentences"],
                            share_marked=table["marked"] / table["n_sentences"])  # fmt: skip

    def mentions(self, n: int) -> pd.DataFrame:
        table = self.rates(n, ("nato", "hub_and_spoke", "us_rebalance"))
        return table.rename(columns={"sentences_with_hit": "sentences"})[["doc_id", "key", "sentences", "n_sentences"]]

    def deeds(self, n: int) -> pd.DataFrame:
        agents = ("united_states", "china", "japan", "group_of_allies_and_partners")
        rows = [
            (doc_id, agents[(number + deed) % 4], name, agents[(number + deed + 1) % 4], 1 + number % 2, 20)
            for number, doc_id in enumerate(self.ids(n)) for deed, name in enumerate(("ask", "works_with"))
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["doc_id", "agent", "deed", "patient", "sentences", "n_sentences"])

    def topics(self, n: int, k: int = 3) -> pd.DataFrame:
        rows = [
            (doc_id, 1 + segment // 2, segment, topic + 1, f"name {topic}, war, peace", (1 + topic) / (k * (k + 1) / 2))
            for number, doc_id in enumerate(self.ids(n)) for segment in range(2 + number % 3) for topic in range(k)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["doc_id", "section", "segment", "topic", "name", "share"])

    def changes(self, n: int, k: int = 3) -> pd.DataFrame:
        changes = [(f"without {label}", doc_id) for doc_id, label in self.documents(n)["label"].items()]
        changes += [("one topic more", ""), ("plain counts", "")]
        rows = [
            (name, left_out, topic + 1, f"name {topic}, war, peace", kept / 10, kept)
            for number, (name, left_out) in enumerate(changes) for topic in range(k)
            for kept in [(number + 3 * topic) % 11]
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["variation", "left_out", "topic", "name", "agreement", "terms_kept"])


@pytest.fixture(scope="session")
def toys() -> Toys:
    return Toys()
