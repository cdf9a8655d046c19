/** Transactions a second of a script over so many connections, by PostgreSQL's own `pgbench`. Throws what that says when it fails. */
export async function pgbench(
  url: string,
  script: string,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<number> {
  const words = [
    "-n",
    "-M",
    "prepared",
    "-c",
    String(connections),
    "-j",
    "2",
    "-T",
    String(seconds),
    "-f",
    script,
    url,
  ];
  const child = Bun.spawn(["pgbench", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const [, perSecond] = /tps = ([\d.]+)/.exec(out) ?? [];
  if (perSecond === undefined || (await child.exited) !== 0) throw new Error(`pgbench failed: ${err}${out}`);
  return Number(perSecond);
}
