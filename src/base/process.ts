import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process in words: its machine, its number, when it began, since numbers come again, and among which processes it counts. */
export function thisProcess(): string {
  return `${hostname()}/${process.pid}/${beginningOf(process.pid) ?? ""}/${numbering() ?? ""}`;
}

/** Whether a process, as `thisProcess` named it, has ended. Of another machine's or container's nobody here can know: false. */
export function hasEnded(name: string): boolean {
  const [host, pid, began, counted] = name.split("/");
  if (host !== hostname() || !pid || (counted && counted !== numbering())) return false;
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

/** Containers may share the name of their machine, and number their processes anew all the same (see `man pid_namespaces`). */
function numbering(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}
