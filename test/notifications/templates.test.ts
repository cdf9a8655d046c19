import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleViews } from "../../src/notifications/examples";
import { MAIL_KINDS } from "../../src/notifications/kinds";
import { loadTemplates } from "../../src/notifications/templates";
import { loadSettings } from "../support/settings";
import { newFolder, run } from "../support/program";
import { SECRET } from "../support/shop";

const settingsWith = (environment: Record<string, string> = {}) => loadSettings({ SECRET_KEY: SECRET, ...environment });

function folderWith(files: Record<string, string>): string {
  const folder = newFolder();
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

const lettersWith = (files: Record<string, string>) => {
  const settings = settingsWith({ MAIL_TEMPLATES: folderWith(files) });
  const templates = loadTemplates(settings);
  return { templates, views: exampleViews(settings) };
};

describe("mail templates", () => {
  test.each([...MAIL_KINDS])("%s has a subject, a text and a page, and leaves no braces", (kind) => {
    const settings = settingsWith();
    const { subject, text, html } = loadTemplates(settings).letter(kind, exampleViews(settings)[kind]);
    expect(subject).not.toBe("");
    expect(subject).not.toContain("\n");
    for (const part of [subject, text, html]) expect(part).not.toMatch(/\{\{|\}\}|undefined|null|\[object/);
    expect(html).toStartWith("<!doctype html>");
    expect(text.split("\n").filter((line) => line.startsWith("Subject:"))).toEqual([]);
  });

  test("a file of the shop's own takes the place of ours, and the others stay", () => {
    const { templates, views } = lettersWith({
      "order_shipped.txt": "Subject: Off it goes: {{order.number}}\n\nBye {{shop.name}}.\n",
    });
    expect(templates.letter("order_shipped", views.order_shipped)).toMatchObject({
      subject: "Off it goes: 1042",
      text: "Bye Sanset.\n",
    });
    expect(templates.letter("order_confirmed", views.order_confirmed).subject).toBe("Your order 1042 at Sanset");
  });

  test.each([
    ["order_shipped.txt", "Subject: x\n\n{{order.nummer}}", "order_shipped: There is no {{order.nummer}} here."],
    ["order_shipped.html", "{{#order.lines}}", "order_shipped.html: {{#order.lines}} does not end."],
    ["order_shipped.html", "{{/order}}", "order_shipped.html: {{/order}} ends what does not begin with {{#order}}."],
    ["order_shipped.html", "{{a b}}", "order_shipped.html: {{a b}} is none of"],
    ["order_shipped.html", "{{> nothing}}", "order_shipped: {{> nothing}} names a template that is not there."],
    ["order_shipped.html", "{{order.lines}}", "order_shipped: {{order.lines}} is more than one value"],
    ["order_shipped.txt", "No subject", "order_shipped.txt: It must begin with a line such as Subject"],
    ["order_shiped.txt", "Subject: x\n\ny", "has order_shiped.txt, which no mail uses"],
  ])("the shop does not start with a slip in %s: %s", (file, text, complaint) => {
    expect(() => lettersWith({ [file]: text })).toThrow(complaint);
  });

  test("a server says what is wrong with a template and does not start", async () => {
    const env = { MAIL_TEMPLATES: folderWith({ "order_shipped.txt": "Subject: x\n\n{{y}}" }), SECRET_KEY: SECRET };
    const { exitCode, err } = await run(["serve", "--port", "0"], { env });
    expect([exitCode, err]).toEqual([1, expect.stringContaining("order_shipped: There is no {{y}} here.")]);
  });

  test("a folder that is not there is named", () => {
    expect(() => loadTemplates(settingsWith({ MAIL_TEMPLATES: "/nowhere/at/all" }))).toThrow(
      "names /nowhere/at/all, which is not there",
    );
  });
});
