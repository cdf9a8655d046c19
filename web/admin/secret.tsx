/** What is shown this once: nobody can look it up again. */
export const Secret = ({ says, of }: { says: string; of: string }) =>
  of === "" ? null : (
    <p class="card secret" role="status">
      {says} <code>{of}</code>
    </p>
  );
