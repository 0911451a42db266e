"""Sentence splitting on the cases that break simple splitters."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread.corpus.sentences import split_sentences

CASES = [
    ["The U.S. allies agreed.", "They paid."],
    ["It is the law in the U.S.", "The allies know it."],
    ["President Ferdinand Marcos Jr announced plans.", "Jr. Smith came."],
    ["Ties (e.g., Japan and South Korea) matter.", "So do others."],
    ["He named George H. W. Bush and J. Nye.", "Nobody else did."],
    ["“We will pay.”", "Or will they?", "No!"],
    ["She said “why?” and left.", "“Because,” he said."],
    ["See pp. 31–51 and vol. 3, no. 1, Mar. 2015.", "Then stop."],
    ["It cost 49.95 in 1992.", "12 states paid."],
    ["Dr. Lee met Mr. Park at St. Petersburg.", "They talked…", "Then they left."],
    ["Article 5.", "Article 6."],
    ["the rules that partners support;"],
    ["An … ellipsis inside goes on."],
    ["Was it so?)", "[Perhaps.]"],
    ["We like it.’", "‘So do we.’"],
    ["He invoked Article V.", "The alliance responded.", "They chose plan B.", "It failed."],
    ["He met J. A. Smith and Edward A. Lee.", "A. Nye left."],
    ["The treaty is of 1949.[1]", "It binds.¹", "Allies pay.(2)", "They talk.*", "Japan too."],
    ["The alliance pays for bases.2", "The allies agree.", "See No.10 Downing Street and art.5 Treaty."],
    ["NATO は同盟だ。", "日本は払う！", "「本当？」", "はい。"],
    ["「払わない。」と彼は言った。", "「本当。」", "とはいえ払う。"],
    ["So it is in the EU.1", "The UN did so.2,3", "Nobody paid."],
    ["هل يدفع الحلفاء؟", "نعم.", "لا."],
    ["मित्र भुगतान करते हैं।", "वे बात करते हैं।"],
    ["THE U.S. AND JAPAN PAY.", "THE ALLIES AGREE."],
    ["Write to a@rand.org.", "We answer.", "See https://rand.org/a.b.", "We read."],
    ["Amb. Lee and Sec. Park paid approx. Five billion.", "It took 60 sec.", "The clock stopped."],
    ["In Roe v. Wade vgl. Nr. 3 bzw. Abs. 2.", "M. Dupont et Mme. Curie (cf. Art. 5) paient."],
    ["They pay.", "• Japan pays.", "• Korea talks."],
    ["«Nous payons.»", "«Pourquoi?»", "Il part."],
    ["It makes my case for me.", "When they didn't.", "Today's allies pay."],
    ["He said no.", "Japan agreed; see no. 5."],
    ["He deleted the app.", "Japan agreed; see App. 5."],
    ["She called her ex.", "They talked of ex. President Roe."],
    ["It grew.[1,2]", "Japan fell.[3–5]", "It rose.[note 1]", "China too.[citation needed]", "Nobody else."],
    ["It grew for years.1,2", "It fell in years.3–5", "He said “never.”6", "“Never,” she said."],
    ["« Nous payons ! »", "« Vraiment ? »", "Il part."],
    ["„Wir zahlen.“", "Er ging am 5. Mai nach Bonn.", "Am 3. kam er usw.", "Der Rest blieb."],
    ["»Wir zahlen.«", "Er ging."],
    ["2. Costs rise.", "They fell in 2011.", "3 allies left."],
    ["He went to the U.K.", "Then he left for Washington, D.C.", "However, Min. Roe stayed."],
    ["Sales rose.", "iPads fell.", "(b) Others too."],
    ["allies pay.", "others don't, e.g. japan etc. and so on.", "why?", "nobody knows."],
    ["Allies pay. others don't."],
    ["EE. UU. paga.", "Japón no."],
    ["MM. Dupont et Roe paient.", "Les autres non."],
    ["Prof. P. Smith met J. P. Roe and J.-P. Durand.", "They paid; see p. 5."],
    ["الحلف يدفع.\u200f", "نعم.", "\u2060Allies pay.\u200e", "\ufeff“China” waits.", "Mr.\u200b Roe pays."],
    ["In Annex A.", "Japan agreed in World War I.", "Korea did not, nor C. Roe."],
    [
        "The treaty is of 1949.¹,²",
        "It binds us.⁴⁻⁶",
        "It holds. ¹",
        "Japan knows. [1,2]",
        "“It binds us.”1",
        "Allies pay.",
    ],
    ["1. Costs rose.", "2. Japan paid.", "3. Nobody knows."],
    ["Im 21. Jahrhundert wie im 2. Weltkrieg kostet es 5 Mrd.", "Die NATO zahlt, s. Abb. 3 und Tab. 2.", "So ist es."],
    ["They met in Sept.", "The allies of Col. (ret.) Roe (incl. Japan) stayed until Sept. 5."],
    ["Πληρώνει η Ιαπωνία;", "Ναι.", "Հայաստանը վճարում է։", "Ճապոնիան՝ ոչ։"],
    ["Les coûts, etc.", "Les alliés paient env. 5 millions.", "I costi ecc.", "Gli alleati pagano, cfr. pag. 5."],
]


@pytest.mark.parametrize("sentences", CASES)
def test_splits_where_a_reader_would(sentences):
    text = " ".join(sentences)
    assert [text[a:b] for a, b in split_sentences(text)] == sentences


@given(st.text(alphabet="aAB .!?;…”’'\"()U.S.e.g. \n1", max_size=120))
def test_every_character_but_white_space_is_in_one_sentence(text):
    bounds = split_sentences(text)
    held = [position for a, b in bounds for position in range(a, b)]
    assert len(held) == len(set(held))
    assert all(text[i].isspace() for i in set(range(len(text))) - set(held))
    assert all(text[a:b] == text[a:b].strip() for a, b in bounds)


@pytest.mark.parametrize("marks", ["*" * 50, "¹" * 50, "؟" * 200_000, "[1]" * 60_000, "॥۔" * 100_000, "”" * 200_000])
def test_a_row_of_stops_or_marks_is_passed_once(marks):
    """Fifty asterisks can be parted into marks of one to four in more ways than can be tried."""
    begun = time.process_time()
    assert len(split_sentences(f"Allies pay.{marks}x and more. They talk.")) == 2
    assert time.process_time() - begun < 2
