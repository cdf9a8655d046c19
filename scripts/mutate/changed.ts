/** Lines of files, as `git diff --unified=0` says that they are new or other than before. */
export function linesIn(diff: string): Map<string, Set<number>> {
  const lines = new Map<string, Set<number>>();
  let file = "";
  for (const line of diff.split("\n")) {
    if (line.startsWith("+++ ")) file = line.replace(/^\+\+\+ (b\/)?/, "");
    const [, from, count = "1"] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (from === undefined) continue;
    const those = lines.get(file) ?? new Set();
    for (let at = 0; at < Number(count); at++) those.add(Number(from) + at);
    lines.set(file, those);
  }
  return lines;
}

/** What differs between this commit and the files as they are. Throws where there is no such commit. */
export async function linesChangedSince(commit: string): Promise<Map<string, Set<number>>> {
  return linesIn(
    await Bun.$`git diff --unified=0 --no-color --no-renames --diff-filter=AM ${commit} -- src cli`.text(),
  );
}
