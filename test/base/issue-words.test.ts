import { expect, test } from "bun:test";
import { z } from "zod";
import { fieldIssues } from "../../src/base/validate";

const Form = z.strictObject({
  text: z.string().min(2).max(3),
  letter: z.string().min(1).max(1),
  number: z.number().min(1).max(9),
  positive: z.number().gt(0).lt(10),
  whole: z.int(),
  flag: z.boolean(),
  list: z.array(z.string()).min(1).max(2),
  record: z.record(z.string(), z.string()),
  sort: z.enum(["newest", "name"]),
  type: z.literal("password"),
  email: z.email(),
  address: z.url(),
  time: z.iso.datetime(),
  code: z.string().regex(/^x$/),
  even: z.number().multipleOf(2),
  either: z.union([z.string(), z.number()]),
  own: z.string().min(9, "Our own words."),
  odd: z.string().refine(() => false),
});

const good = {
  text: "ab",
  letter: "a",
  number: 1,
  positive: 1,
  whole: 1,
  flag: true,
  list: ["a"],
  record: {},
  sort: "name",
  type: "password",
  email: "a@example.com",
  address: "https://shop.example",
  time: "2030-01-31T12:00:00Z",
  code: "x",
  even: 2,
  either: 1,
  own: "long enough",
  odd: "",
};

test.each([
  [{ text: undefined }, "This is missing."],
  [{ text: 1 }, "Give text."],
  [{ text: null }, "Give text."],
  [{ text: "a" }, "Give at least 2 characters."],
  [{ text: "abcd" }, "Give at most 3 characters."],
  [{ letter: "" }, "Give at least 1 character."],
  [{ number: 0 }, "Give 1 or more."],
  [{ number: 10 }, "Give 9 or less."],
  [{ number: "1" }, "Give a number."],
  [{ positive: 0 }, "Give more than 0."],
  [{ positive: 10 }, "Give less than 10."],
  [{ whole: 1.5 }, "Give a whole number."],
  [{ flag: "yes" }, "Give true or false."],
  [{ list: [] }, "Give at least 1."],
  [{ list: ["a", "b", "c"] }, "Give at most 2."],
  [{ list: "a" }, "Give a list."],
  [{ record: "a" }, "Give an object."],
  [{ sort: "price" }, "Give one of newest, name."],
  [{ type: "token" }, "Only password is possible."],
  [{ email: "nobody" }, "Give an e-mail address such as asha@example.com."],
  [{ address: "nowhere" }, "Give an address such as https://shop.example."],
  [{ time: "noon" }, "Give a moment such as 2030-01-31T12:00:00Z."],
  [{ code: "y" }, "This is not written as it should be."],
  [{ even: 3 }, "Give a multiple of 2."],
  [{ either: true }, "This is none of what is possible here."],
  [{ own: "short" }, "Our own words."],
  [{ other: 1 }, "There is no such field."],
])("of %p a person reads: %s", (wrong, message) => {
  const { error } = Form.omit({ odd: true }).safeParse({ ...good, odd: undefined, ...wrong });
  const issues = error ? fieldIssues(error).filter(({ path }) => path !== "odd") : [];
  expect(issues.map((issue) => issue.message)).toEqual([message]);
});

test("a check without words says no more than that it failed", () => {
  const { error } = Form.safeParse(good);
  expect(error && fieldIssues(error)).toMatchObject([{ path: "odd", message: "This is not valid." }]);
});
