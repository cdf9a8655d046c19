import { parseSync } from "oxc-parser";
import { sqlMutations } from "./sql";

/** One small fault that could be put into a file: the text from `start` to `end` becomes `replacement`. */
export interface Mutation {
  file: string;
  line: number;
  kind: string;
  start: number;
  end: number;
  was: string;
  replacement: string;
}

/** A node of the syntax tree, as far as this file looks at it. */
interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

const SHIFTED: Record<string, string> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">", "===": "!==", "!==": "===" };
const LOGICAL: Record<string, string> = { "&&": "||", "||": "&&" };
const ARITHMETIC: Record<string, string> = { "-": "+", "*": "/", "/": "*", "+": "-" };

/**
 * Every fault of our kinds that fits into the file: conditions negated, comparisons shifted, `and` for `or`, arithmetic
 * turned around, statements dropped, booleans and numbers changed, parts of SQL dropped or shifted, settings crossed.
 * `crossed` gives for the name of a setting another one of the same kind.
 */
export function mutationsOf(file: string, text: string, crossed: (setting: string) => string | undefined): Mutation[] {
  const found: Mutation[] = [];
  const add = (kind: string, start: number, end: number, replacement: string) => {
    const line = text.slice(0, start).split("\n").length;
    found.push({ file, line, kind, start, end, was: text.slice(start, end), replacement });
  };
  const source = (node: Node) => text.slice(node.start, node.end);
  const visit = (node: Node) => {
    if (isNode(node["test"]) && node.type !== "SwitchCase") {
      const test = node["test"];
      add("condition negated", test.start, test.end, `!(${source(test)})`);
    }
    if (node.type === "BinaryExpression" || node.type === "LogicalExpression") {
      const [left, right] = [asNode(node["left"]), asNode(node["right"])];
      const operator = String(node["operator"]);
      const [kind, other] =
        SHIFTED[operator] !== undefined
          ? ["comparison shifted", SHIFTED[operator]]
          : LOGICAL[operator] !== undefined
            ? ["and for or", LOGICAL[operator]]
            : ["arithmetic turned around", ARITHMETIC[operator]];
      const at = left && right ? left.end + text.slice(left.end, right.start).indexOf(operator) : 0;
      if (other !== undefined && at > 0) add(kind, at, at + operator.length, other);
    }
    if (node.type === "ExpressionStatement" && typeof node["directive"] !== "string") {
      add("statement dropped", node.start, node.end, ";");
    }
    if (node.type === "Literal" && typeof node["value"] === "boolean") {
      add("boolean flipped", node.start, node.end, String(!node["value"]));
    }
    if (node.type === "Literal" && typeof node["value"] === "number" && node["value"] > 1) {
      add("number changed", node.start, node.end, String(node["value"] + 1));
    }
    if (node.type === "MemberExpression" && /\bsettings$/.test(sourceOf(node["object"], source))) {
      const property = asNode(node["property"]);
      const other = property && crossed(source(property));
      if (property && other !== undefined) add("settings crossed", property.start, property.end, other);
    }
    if (node.type === "TemplateElement" || (node.type === "Literal" && typeof node["value"] === "string")) {
      for (const { kind, start, end, replacement } of sqlMutations(source(node))) {
        add(kind, node.start + start, node.start + end, replacement);
      }
    }
  };
  walk(parseSync(file, text).program as unknown as Node, visit);
  return found;
}

/** Types are erased when the program runs, and what is imported is no behaviour. */
const SKIPPED = /^(TS(?!AsExpression|NonNullExpression|SatisfiesExpression)|Import|ExportAll)/;

function walk(node: Node, visit: (node: Node) => void): void {
  if (SKIPPED.test(node.type)) return;
  visit(node);
  // What `.meta({ … })` says of a field is for readers of the document, its examples too.
  if (node.type === "CallExpression" && isNode(node["callee"]) && isMeta(node["callee"])) {
    walk(node["callee"], visit);
    return;
  }
  for (const value of Object.values(node)) {
    if (isNode(value)) walk(value, visit);
    if (Array.isArray(value)) for (const item of value) if (isNode(item)) walk(item, visit);
  }
}

const isMeta = ({ property }: Node) => isNode(property) && property["name"] === "meta";
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";
const asNode = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);
const sourceOf = (value: unknown, source: (node: Node) => string): string => (isNode(value) ? source(value) : "");
