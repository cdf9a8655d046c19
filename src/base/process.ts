import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process in words: its machine, its number, and when it began, since numbers come again. */
export function thisProcess(): string {
  return `${hostname()}/${process.pid}/${beginningOf(process.pid) ?? ""}`;
}

/** Whether a process, as `thisProcess` named it, has ended. Of another machine's nobody here can know: false. */
export function hasEnded(name: string): boolean {
  const [host, pid, began] = name.split("/");
  if (host !== hostname() || !pid) return false;
  try {
    // Signal 0 asks only whether there is such a process.
    process.kill(Number(pid), 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  const now = beginningOf(Number(pid));
  return Boolean(began) && now !== undefined && now !== began;
}

/** When a process began, in the kernel's ticks since it started; undefined where the kernel doesn't say (see `man proc_pid_stat`). */
function beginningOf(pid: number): string | undefined {
  try {
    // The second field is the program's name in brackets, which may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
    return fields?.[22 - 3];
  } catch {
    return undefined;
  }
}
