/** For the `detail` of a route that older clients call: it goes on working, and new ones take `path`. */
export const olderThan = (path: string) => ({
  deprecated: true,
  description: `Older clients' way; it goes on working. New ones take \`${path}\`.`,
});
