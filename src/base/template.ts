/**
 * A template, as much of Mustache as mails and pages need: `{{order.number}}` a value, `{{#lines}}…{{/lines}}` for each of a
 * list or where there is something, `{{^lines}}…{{/lines}}` where there is nothing, `{{> footer}}` another template. A name is
 * looked up in the innermost section first; `{{.}}` is the item itself.
 */
export type Template = readonly Part[];

type Part =
  | { is: "text"; text: string }
  | { is: "value"; path: string }
  | { is: "section"; path: string; whenEmpty: boolean; inner: Template }
  | { is: "partial"; name: string };

/** What a template may be given. */
export type View = { readonly [Name in string]: ViewValue };
type ViewValue = string | number | boolean | null | View | readonly (View | string)[];

/** A template that can't be used, in words for the one who wrote it. */
export class TemplateError extends Error {
  override name = "TemplateError";
}

/** Throws TemplateError where a section does not end or ends twice. */
export function parseTemplate(source: string): Template {
  // A section alone on its line leaves no empty line behind.
  const pieces = source.replaceAll(/^[ \t]*(\{\{[#^/][^}]*\}\})[ \t]*\r?\n/gm, "$1").split(/\{\{(.*?)\}\}/s);
  const root: Part[] = [];
  const open: { path: string; parts: Part[] }[] = [];
  for (const [index, piece] of pieces.entries()) {
    const parts = open.at(-1)?.parts ?? root;
    if (index % 2 === 0) {
      if (piece) parts.push({ is: "text", text: piece });
      continue;
    }
    const [, sign = "", name = ""] = /^\s*([#^/>]?)\s*([\w.]+)\s*$/.exec(piece) ?? [];
    if (!name)
      throw new TemplateError(`{{${piece}}} is none of {{name}}, {{#name}}, {{^name}}, {{/name}}, {{> name}}.`);
    if (sign === "") parts.push({ is: "value", path: name });
    else if (sign === ">") parts.push({ is: "partial", name });
    else if (sign === "/") {
      if (open.pop()?.path !== name)
        throw new TemplateError(`{{/${name}}} ends what does not begin with {{#${name}}}.`);
    } else {
      const inner: Part[] = [];
      parts.push({ is: "section", path: name, whenEmpty: sign === "^", inner });
      open.push({ path: name, parts: inner });
    }
  }
  const unended = open.at(-1);
  if (unended) throw new TemplateError(`{{#${unended.path}}} does not end.`);
  return root;
}

export interface Rendering {
  /** How a value is written, so that it means nothing in what it becomes part of. */
  escape(text: string): string;
  partials: ReadonlyMap<string, Template>;
}

/** Throws TemplateError for a name that the view does not have, so that a slip is seen when the shop starts. */
export function render(template: Template, view: View, rendering: Rendering): string {
  return renderIn(template, [view], rendering);
}

function renderIn(template: Template, scopes: readonly (View | string)[], rendering: Rendering): string {
  return template.map((part) => renderPart(part, scopes, rendering)).join("");
}

function renderPart(part: Part, scopes: readonly (View | string)[], rendering: Rendering): string {
  if (part.is === "text") return part.text;
  if (part.is === "partial") {
    const partial = rendering.partials.get(part.name);
    if (!partial) throw new TemplateError(`{{> ${part.name}}} names a template that is not there.`);
    return renderIn(partial, scopes, rendering);
  }
  const value = valueOf(part.path, scopes);
  if (part.is === "value") return rendering.escape(textOf(part.path, value));
  const items = itemsOf(value);
  if (part.whenEmpty) return items.length === 0 ? renderIn(part.inner, scopes, rendering) : "";
  return items.map((item) => renderIn(part.inner, [...scopes, item], rendering)).join("");
}

function valueOf(path: string, scopes: readonly (View | string)[]): ViewValue {
  if (path === ".") return scopes.at(-1) ?? "";
  const [first = "", ...rest] = path.split(".");
  const scope = scopes.findLast((one): one is View => typeof one === "object" && Object.hasOwn(one, first));
  if (!scope) throw unknown(path);
  let value: ViewValue = scope[first] ?? null;
  for (const name of rest) {
    // What is not there at all has no parts either.
    if (value === null) return null;
    if (!isView(value) || !Object.hasOwn(value, name)) throw unknown(path);
    value = value[name] ?? null;
  }
  return value;
}

const unknown = (path: string) => new TemplateError(`There is no {{${path}}} here.`);

function textOf(path: string, value: ViewValue): string {
  if (value === null) return "";
  if (typeof value === "object") throw new TemplateError(`{{${path}}} is more than one value: write {{#${path}}}.`);
  return String(value);
}

/** What a section is written for: each of a list, or once. */
function itemsOf(value: ViewValue): readonly (View | string)[] {
  if (value === null || value === false || value === "" || value === 0) return [];
  if (isView(value)) return [value];
  return typeof value === "object" ? value : [String(value)];
}

function isView(value: ViewValue): value is View {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in HTML, between tags or within quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
