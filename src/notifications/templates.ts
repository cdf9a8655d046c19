import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ShopError } from "../base/errors";
import { escapeHtml, parseTemplate, render, type Template, TemplateError, type View } from "../base/template";
import type { Settings } from "../shop/settings";
import { defaultTemplates } from "./default-templates";
import { exampleViews } from "./examples";
import { MAIL_KINDS, type MailKind } from "./kinds";

/** Everything that a letter says, ready to be sent. */
export interface Letter {
  subject: string;
  text: string;
  html: string;
}

export interface Templates {
  letter(kind: MailKind, view: View): Letter;
}

/**
 * The shop's templates, with those of MAIL_TEMPLATES in their place. Every kind of mail is written once as a trial, so that
 * a slip is seen when the shop starts and not in a customer's mail. Throws ShopError `unusable` that names every file with
 * something wrong in it.
 */
export function loadTemplates(settings: Settings): Templates {
  const sources = new Map([...defaultTemplates, ...ownTemplates(settings.mailTemplates)]);
  const wrong: string[] = [];
  const parsed = new Map<string, Template>();
  for (const [file, source] of sources) {
    try {
      parsed.set(file, parseTemplate(source));
    } catch (error) {
      wrong.push(`${file}: ${messageOf(error)}`);
    }
  }
  const templates = templatesOf(parsed);
  const views = exampleViews(settings);
  for (const kind of wrong.length === 0 ? MAIL_KINDS : []) {
    try {
      const { subject } = templates.letter(kind, views[kind]);
      if (!subject) wrong.push(`${kind}.txt: It must begin with a line such as Subject: Your order.`);
    } catch (error) {
      wrong.push(`${kind}: ${messageOf(error)}`);
    }
  }
  if (wrong.length > 0) {
    throw new ShopError("unusable", `MAIL_TEMPLATES can't be used:\n${wrong.map((line) => `  ${line}`).join("\n")}`);
  }
  return templates;
}

function ownTemplates(folder: string | undefined): [string, string][] {
  if (folder === undefined) return [];
  if (!existsSync(folder)) throw new ShopError("unusable", `MAIL_TEMPLATES names ${folder}, which is not there.`);
  const files = readdirSync(folder).filter((file) => /\.(txt|html)$/.test(file));
  const strange = files.filter((file) => !defaultTemplates.has(file));
  if (strange.length > 0) {
    const known = [...defaultTemplates.keys()].join(", ");
    throw new ShopError(
      "unusable",
      `MAIL_TEMPLATES has ${strange.join(", ")}, which no mail uses. There are: ${known}.`,
    );
  }
  return files.map((file) => [file, readFileSync(join(folder, file), "utf8")]);
}

function templatesOf(parsed: ReadonlyMap<string, Template>): Templates {
  const partialsOf = (ending: string) =>
    new Map(
      [...parsed]
        .filter(([file]) => file.endsWith(ending))
        .map(([file, template]) => [file.replace(ending, ""), template]),
    );
  const textPartials = partialsOf(".txt");
  const htmlPartials = partialsOf(".html");
  const get = (file: string): Template => parsed.get(file) ?? [];
  return {
    letter(kind, view) {
      const written = render(get(`${kind}.txt`), view, { escape: (text) => text, partials: textPartials });
      const [, subject = "", text = ""] = /^Subject: *([^\n]*)\n\s*(.*)$/s.exec(written) ?? [];
      const html = render(
        get("layout.html"),
        { ...view, subject },
        { escape: escapeHtml, partials: new Map([...htmlPartials, ["body", get(`${kind}.html`)]]) },
      );
      // What a customer is called may have a line break in it; a subject may not.
      return { subject: subject.replaceAll(/\s+/g, " ").trim(), text: tidy(text), html };
    },
  };
}

/** No more than one empty line, and none at the end. */
const tidy = (text: string): string => `${text.replaceAll(/\n{3,}/g, "\n\n").trim()}\n`;

function messageOf(error: unknown): string {
  if (error instanceof TemplateError) return error.message;
  throw error;
}
