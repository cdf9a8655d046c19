import type { Setting, SettingGroup } from "./setting";

/** `.env.example`: every setting with its default, as it would be set. */
export function envExample(groups: readonly SettingGroup[]): string {
  const lines = [
    "# Every setting with its default. Copy to .env and change what you need; the environment goes before this file.",
    "# What is set to nothing counts as not set. Written by `bun run generate` from src/shop/setting-groups.ts.",
  ];
  for (const { title, settings } of groups) {
    if (Object.keys(settings).length === 0) continue;
    lines.push("", `# ── ${title}`);
    for (const [name, { about, usual = "" }] of Object.entries(settings)) {
      lines.push(...wrap(about, LINE_LENGTH - 2).map((line) => `# ${line}`), `${name}=${usual}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The settings' page of the docs, in Markdown. */
export function settingsPage(groups: readonly SettingGroup[]): string {
  const lines = [
    "# Settings",
    "",
    "Every setting comes from the environment or from `.env` in the folder in which the program runs; the environment goes",
    "first. What is set to nothing counts as not set. `sanset config` prints what is in force. In the code",
    "`RATE_LIMIT_PER_MINUTE` is `settings.rateLimitPerMinute`. This page is written by `bun run generate`.",
  ];
  for (const { title, settings } of groups) {
    if (Object.keys(settings).length === 0) continue;
    lines.push("", `## ${title}`, "", "| setting | default | |", "|---|---|---|");
    for (const [name, spelled] of Object.entries(settings)) lines.push(row(name, spelled));
  }
  return `${lines.join("\n")}\n`;
}

function row(name: string, { about, usual, isSecret }: Setting<unknown>): string {
  const text = `${about}${isSecret === "whole" ? " Shown to nobody." : ""}`.replaceAll("|", String.raw`\|`);
  return `| \`${name}\` | ${usual ? `\`${usual}\`` : ""} | ${text} |`;
}

const LINE_LENGTH = 118;

/** Lines of so many characters at most, broken between words. */
function wrap(text: string, longest: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > longest) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
