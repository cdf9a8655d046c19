export const formats = ["csv", "jsonl"] as const;
export type Format = (typeof formats)[number];

export const contentTypes: Record<Format, string> = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/jsonl; charset=utf-8",
};
