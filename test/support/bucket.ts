/** A local double of the part of S3 that the shop speaks: put, get, look, list by pages and delete in one bucket. */
export function startBucket({ keysPerPage = 1_000 } = {}) {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>();
  const clock = { now: () => new Date() };
  const cameAt = new Map<string, Date>();
  const server = Bun.serve({
    port: 0,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      const key = decodeURIComponent(pathname.split("/").slice(2).join("/"));
      if (!request.headers.has("authorization")) return new Response("<Error/>", { status: 403 });
      if (request.method === "GET" && key === "") return list(searchParams);
      if (request.method === "PUT") {
        objects.set(key, new Uint8Array(await request.arrayBuffer()));
        cameAt.set(key, clock.now());
        return new Response(null, { headers: { etag: '"kept"' } });
      }
      const object = objects.get(key);
      if (request.method === "DELETE") {
        objects.delete(key);
        return new Response(null, { status: 204 });
      }
      if (!object) return new Response("<Error><Code>NoSuchKey</Code></Error>", { status: 404 });
      return new Response(request.method === "HEAD" ? null : object, {
        headers: { "content-length": String(object.length), etag: '"kept"' },
      });
    },
  });

  function list(asked: URLSearchParams): Response {
    const after = asked.get("start-after") ?? "";
    const there = [...objects.keys()]
      .toSorted()
      .filter((key) => key.startsWith(asked.get("prefix") ?? "") && key > after);
    const contents = there
      .slice(0, keysPerPage)
      .map(
        (key) =>
          `<Contents><Key>${key}</Key><LastModified>${cameAt.get(key)?.toISOString() ?? ""}</LastModified><Size>${objects.get(key)?.length ?? 0}</Size></Contents>`,
      );
    return new Response(
      `<?xml version="1.0"?><ListBucketResult><Name>b</Name><IsTruncated>${there.length > keysPerPage}</IsTruncated>${contents.join("")}</ListBucketResult>`,
      { headers: { "content-type": "application/xml" } },
    );
  }

  return {
    url: `http://127.0.0.1:${server.port}`,
    objects,
    /** By whose clock things come. */
    clock,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
