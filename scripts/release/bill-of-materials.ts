import { version } from "../../package.json";

interface Lock {
  workspaces: Record<string, { dependencies?: Record<string, string> }>;
  packages: Record<
    string,
    [
      name: string,
      registry: string,
      about: { dependencies?: Record<string, string>; optionalPeers?: string[] },
      integrity: string,
    ]
  >;
}

/** What is in the binary, as CycloneDX 1.6 has it: the packages that bun.lock names, as far as the program itself needs them. */
export async function billOfMaterials() {
  const lock = Bun.JSONC.parse(await Bun.file("bun.lock").text()) as Lock;
  const own = Object.keys(lock.workspaces[""]?.dependencies ?? {});
  const components = reachable(lock, own).map((key) => componentOf(key, lock.packages[key]));
  const root = `pkg:generic/sanset@${version}`;
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date().toISOString(),
      component: {
        type: "application",
        name: "sanset",
        version,
        "bom-ref": root,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [
      {
        type: "platform",
        name: "bun",
        version: Bun.version,
        "bom-ref": `pkg:generic/bun@${Bun.version}`,
        purl: `pkg:generic/bun@${Bun.version}`,
      },
      ...components,
    ],
    dependencies: [{ ref: root, dependsOn: own.flatMap((name) => refOf(lock.packages[name])) }],
  };
}

type Entry = Lock["packages"][string] | undefined;

/** The packages that these need, and those that they need. A nested one stands in the lock file as `parent/name`. */
function reachable({ packages }: Lock, names: readonly string[]): string[] {
  const found = new Set<string>(names.filter((name) => name in packages));
  // A set that grows while it is walked is walked to its new end.
  for (const key of found) {
    for (const name of Object.keys(packages[key]?.[2].dependencies ?? {})) {
      const nested = `${key}/${name}`;
      if (nested in packages) found.add(nested);
      else if (name in packages) found.add(name);
    }
  }
  return [...found].toSorted();
}

function componentOf(key: string, entry: Entry) {
  const [spec = key, , , integrity = ""] = entry ?? [];
  const { name, version: of } = named(spec);
  const [, algorithm, digest] = /^(sha\d+)-(.+)$/.exec(integrity) ?? [];
  return {
    type: "library",
    name,
    version: of,
    "bom-ref": purlOf(spec),
    purl: purlOf(spec),
    ...(algorithm &&
      digest && {
        hashes: [{ alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(digest, "base64").toString("hex") }],
      }),
  };
}

const refOf = (entry: Entry): string[] => (entry ? [purlOf(entry[0])] : []);

function named(spec: string): { name: string; version: string } {
  const at = spec.lastIndexOf("@");
  return { name: spec.slice(0, at), version: spec.slice(at + 1) };
}

function purlOf(spec: string): string {
  const { name, version: of } = named(spec);
  return `pkg:npm/${name.replace("@", "%40")}@${of}`;
}
