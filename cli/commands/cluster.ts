import { Command } from "commander";
import { type ClusterStatus, clusterStatus } from "../../src/jobs/servers";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const clusterCommand = (terminal: Terminal) =>
  new Command("cluster")
    .description("look at the servers that share this database")
    .addCommand(statusCommand(terminal));

const statusCommand = ({ print, withShop }: Terminal) =>
  new Command("status")
    .description("list servers with their versions, the jobs they do, and copies of the database with their lag")
    .addHelpText("after", "\nExamples:\n  sanset cluster status\n  sanset cluster status --json")
    .action(() =>
      withShop(async (shop) => {
        const status = await clusterStatus(shop);
        print(status, statusText(status));
      }),
    );

function statusText({ servers, jobs, replicas }: ClusterStatus): string {
  if (servers.length === 0)
    return "No server has said that it lives. A shop on SQLite has one at most, and it need not.";
  const hostOf = new Map(servers.map(({ id, host, process }) => [id, `${host} (${process})`]));
  return [
    table(
      ["SERVER", "VERSION", "STARTED", "STATE"],
      servers.map((server) => [
        `${server.host} (${server.process})`,
        server.version,
        server.started_at,
        server.state === "alive" ? "alive" : `silent for ${server.silent_seconds} s`,
      ]),
    ),
    table(
      ["JOB", "DONE BY", "BEGAN", "NOW"],
      jobs.map(({ job, server_id, running, began_seconds_ago }) => [
        job,
        hostOf.get(server_id) ?? "a server that is gone",
        `${began_seconds_ago} s ago`,
        running ? "running" : "",
      ]),
    ),
    ...(replicas.length > 0
      ? [
          table(
            ["COPY", "STATE", "LAG"],
            replicas.map(({ name, state, synchronous, lag_seconds }) => [
              name,
              synchronous ? `${state}, synchronous` : state,
              lag_seconds === null ? "none" : `${lag_seconds} s`,
            ]),
          ),
        ]
      : []),
  ].join("\n\n");
}
