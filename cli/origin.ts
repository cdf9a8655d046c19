/** What a program was made from. `is_dirty`: with changes that no commit has; null where git can't say. */
export interface Origin {
  commit: string;
  is_dirty: boolean | null;
}

/** What git says of the folder. A file that git does not know is part of nothing that it knows. */
export function originOf(folder: string): Origin {
  const commit = git(folder, "rev-parse", "HEAD");
  const changes = git(folder, "status", "--porcelain", "--untracked-files=no");
  return { commit: commit ?? "unknown", is_dirty: changes === undefined ? null : changes !== "" };
}

function git(folder: string, ...words: string[]): string | undefined {
  try {
    const asked = Bun.spawnSync(["git", "-C", folder, ...words], { stderr: "ignore" });
    return asked.exitCode === 0 ? asked.stdout.toString().trim() : undefined;
  } catch {
    // There is no git here.
    return undefined;
  }
}
