/** A picture beside a word, never instead of one: an outline of `icons.ts`. */
export const Icon = ({ of }: { of: string }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={of} />
  </svg>
);
