/** An ETag for what has no version: another one whenever these fields of it are others. */
export const tagOf = (fields: object): string => `"${Bun.hash(JSON.stringify(fields)).toString(36)}"`;
