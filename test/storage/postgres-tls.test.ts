import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { openDatabase } from "../../src/storage/open";
import { postgresServer } from "../support/engines";
import { newFolder, type OwnPostgres, ownPostgres, underOtherUser } from "../support/own-postgres";

const canMakeKeys = Bun.which("openssl") !== null;
if (!canMakeKeys) {
  if (process.env["CI"]) throw new Error("In CI the tests of TLS are never skipped: install openssl.");
  console.warn("There is no openssl here: the tests of TLS are skipped.");
}

let server: OwnPostgres;
let folder: string;

const openssl = (...words: string[]) => {
  const command = ["openssl", ...words.flatMap((some) => some.split(" "))];
  const { exitCode, stderr } = Bun.spawnSync([...underOtherUser, ...command], { cwd: folder });
  if (exitCode !== 0) throw new Error(stderr.toString());
};

/** A key with a certificate that it has signed itself. */
const newCertificate = (name: string, host: string) =>
  openssl(
    `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${host} -addext subjectAltName=DNS:${host}`,
    `-keyout ${name}.key -out ${name}.crt`,
  );

/** Whether a connection is encrypted; why there is none otherwise. */
const isEncrypted = async (words: string, host = "localhost") => {
  const url = `postgres://postgres@${host}:${server.port}/postgres?${words}`;
  try {
    const database = await openDatabase({ engine: "postgres", url }, { connections: 1, readers: 1 });
    const row = await database.first<{ ssl: boolean }>("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    await database.close();
    return row?.ssl;
  } catch (error) {
    return String(error);
  }
};

const checkedBy = (name: string) => `sslmode=verify-full&sslrootcert=${join(folder, name)}`;

describe.skipIf(postgresServer === undefined || !canMakeKeys)("a PostgreSQL server that speaks TLS", () => {
  beforeAll(async () => {
    folder = await newFolder();
    newCertificate("server", "localhost");
    newCertificate("other", "localhost");
    const [certificate, key] = ["server.crt", "server.key"].map((name) => join(folder, name));
    server = await ownPostgres(["ssl=on", `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`]);
  });

  afterAll(() => server?.remove());

  test("is asked in plain where that is said, and encrypted where that is required", async () => {
    expect(await isEncrypted("sslmode=disable")).toBe(false);
    expect(await isEncrypted("sslmode=require")).toBe(true);
  });

  test("is believed to be who it is where its certificate says so, under the name that it was asked by", async () => {
    expect(await isEncrypted(checkedBy("server.crt"))).toBe(true);
    expect(await isEncrypted(checkedBy("other.crt"))).toContain("certificate");
    expect(await isEncrypted(checkedBy("server.crt"), "127.0.0.1")).toContain("PostgreSQL at");
  });
});
