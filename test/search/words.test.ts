import { describe, expect, test } from "bun:test";
import { fold, wordsOf } from "../../src/base/text";
import { stem } from "../../src/search-index/stem";
import { indexedWords } from "../../src/search-index/tokens";
import { editsBetween } from "../../src/base/edit-distance";
import { Vocabulary } from "../../src/search/vocabulary";

describe("folding", () => {
  test.each([
    ["Crème Brûlée", "creme brulee"],
    ["STRASSE", "strasse"],
    ["Straße", "strasse"],
    ["ﬁne ﬀ Œuvre æther", "fine ff oeuvre aether"],
    ["Ｆｕｌｌ　ｗｉｄｔｈ", "full width"],
    ["İSTANBUL ısı I", "istanbul isi i"],
    ["Łódź Đà Nẵng smørrebrød", "lodz da nang smorrebrod"],
    ["ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ σισυφοσ"],
    ["हिन्दी", "हिन्दी"],
    ["ガラス 한국어", "ガラス 한국어"],
  ])("%s is %s", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  test("folding twice changes nothing more", () => {
    for (const text of ["İıŞşß", "ﬃ½№", "Ǆ", "\u{1F600} x\u0301\u0302", "\uD800 lone"]) {
      expect(fold(fold(text))).toBe(fold(text));
    }
  });
});

describe("words", () => {
  test("are runs of letters and digits, and nothing else", () => {
    expect(wordsOf(`"red" OR -blue* NEAR(x, 2) {name}:y %_ 100%`)).toEqual(
      "red or blue near x 2 name y 100".split(" "),
    );
  });

  test("of a compound stand beside the whole of it", () => {
    expect(indexedWords("T-Shirt, TN-2110")).toEqual(["t", "shirt", "tshirt", "tn", "2110", "tn2110"]);
  });

  test("have one stem in singular and plural", () => {
    for (const [one, many] of [
      ["battery", "batteries"],
      ["box", "boxes"],
      ["watch", "watches"],
      ["shoe", "shoes"],
      ["glass", "glasses"],
      ["bus", "bus"],
    ] as const) {
      expect(stem(many)).toBe(stem(one));
    }
  });
});

describe("edits", () => {
  test.each([
    ["keyboard", "keyboard", 0],
    ["keybord", "keyboard", 1],
    ["keyyboard", "keyboard", 1],
    ["keyvoard", "keyboard", 1],
    ["kyeboard", "keyboard", 1],
    ["eykboard", "keyboard", 2],
    ["", "ab", 2],
  ])("from %s to %s there are %d", (a, b, edits) => {
    expect(editsBetween(a, b, 3)).toBe(edits);
    expect(editsBetween(b, a, 3)).toBe(edits);
  });

  test("are not counted beyond what is asked", () => {
    expect(editsBetween("keyboard", "mouse", 2)).toBeGreaterThan(2);
  });

  test("find every word that is near, and only those", () => {
    const vocabulary = new Vocabulary();
    const words = [];
    const letters = "abcde";
    for (const a of letters)
      for (const b of letters) for (const c of letters) for (const d of letters) words.push(a + b + c + d);
    for (const word of words) vocabulary.add(word);
    for (const most of [1, 2]) {
      const near = vocabulary.near("abcd", most).map(({ word }) => word);
      const expected = words.filter((word) => word !== "abcd" && editsBetween("abcd", word, most) <= most);
      expect(near.toSorted()).toEqual(expected.toSorted());
    }
  });
});
