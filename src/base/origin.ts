/** Where a call comes from, as far as the shop can know. */
export interface Origin {
  address: string | null;
  user_agent: string | null;
  request_id: string | null;
}
