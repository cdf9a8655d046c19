/** What the changelog says of a version, or of what is not released yet where it knows no such version. */
export function notesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const own =
    sections.find((section) => section.startsWith(version)) ?? sections.find((section) => /^unreleased/i.test(section));
  if (own === undefined) throw new Error(`The changelog says nothing of ${version}.`);
  const [, ...lines] = own.split("\n");
  return `# Sanset ${version}\n\n${lines.join("\n").trim()}\n`;
}
