/** The picture of a product, or a quiet place where it would be. Its name stands beside it, so it has none of its own. */
export function Picture({ url, width = 160 }: { url: string | null | undefined; width?: number }) {
  if (!url) return <span class="picture none" aria-hidden="true" />;
  return <img class="picture" src={url} alt="" width={width} height={width} loading="lazy" decoding="async" />;
}
