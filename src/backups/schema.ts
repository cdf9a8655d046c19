import { z } from "zod";
import { Moment } from "../base/fields";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a backup says of itself. `format` rises when an older program could not read it. */
export const Manifest = z.object({
  format: z.literal(1),
  created_at: Moment,
  version: z.string(),
  engine: z.enum(["sqlite", "postgres"]),
  database: z.object({
    name: z.string().regex(/^[\w.]+$/),
    bytes: z.int().min(0),
    stored_bytes: z.int().min(0),
    sha256: Sha256,
  }),
  pictures: z
    .object({ name: z.literal("pictures.sha256"), count: z.int().min(0), sha256: Sha256 })
    .optional()
    .meta({ description: "The list of its pictures. Absent of a backup that was made before backups had any" }),
});

export type BackupManifest = z.infer<typeof Manifest>;

/** A backup as it is listed. */
export const Backup = Manifest.extend({ id: z.string() }).meta({ id: "Backup" });

export type Backup = z.infer<typeof Backup>;
