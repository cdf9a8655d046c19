import type { z } from "zod";
import type { Kind } from "./setting-kinds";

/** One setting, spelled once: its kind checks it, its name in the code follows from its name, its text goes into the docs. */
export interface Setting<Value> extends Kind<Value> {
  /** What it is for, as `.env.example` and docs/settings.md tell it. */
  about: string;
  /** Its default, written as it would be set. */
  usual?: string;
}

/** A setting with a default always has a value, another may be undefined. */
export function setting<Value>(
  kind: Kind<NonNullable<Value>>,
  spelled: { about: string; usual: string },
): Setting<Value>;
export function setting<Value>(kind: Kind<Value>, spelled: { about: string }): Setting<Value | undefined>;
export function setting<Value>(
  kind: Kind<Value>,
  spelled: { about: string; usual?: string },
): Setting<Value | undefined> {
  return { ...kind, ...spelled };
}

export type SettingShape = Record<string, Setting<unknown>>;

/** Settings that belong together, by their names in the environment. */
export interface SettingGroup<Shape extends SettingShape = SettingShape> {
  title: string;
  settings: Shape;
}

/** `RATE_LIMIT_PER_MINUTE` is `rateLimitPerMinute` in the code. */
export type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<Name>;

function camelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** What a group's settings are in the code: by their names there, with the types of their kinds. */
export type Values<Shape extends SettingShape> = {
  [Name in keyof Shape & string as CamelCase<Name>]: Shape[Name] extends Setting<infer Value> ? Value : never;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a group. `wrong` takes what is wrong with it, each with the name of its setting. */
export function readGroup<Shape extends SettingShape>(
  { settings }: SettingGroup<Shape>,
  environment: Environment,
  isProduction: boolean,
  wrong: string[],
): Values<Shape> {
  const values: Record<string, unknown> = {};
  for (const [name, { schema, usual, unsafe }] of Object.entries(settings)) {
    const given = environment[name] ?? usual;
    if (given === undefined) continue;
    const read = schema.safeParse(given);
    const objections = read.success
      ? [isProduction ? unsafe?.(read.data) : undefined]
      : read.error.issues.map((issue: z.core.$ZodIssue) => issue.message);
    for (const objection of objections) if (objection !== undefined) wrong.push(`${name} ${objection}`);
    values[camelCase(name)] = read.data;
  }
  // Built name by name from the group, as its type says.
  return values as Values<Shape>;
}
