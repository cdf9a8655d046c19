-- Ids of what is written down with every sale, look and delivery: a busy shop counts beyond 2,147,483,647 in months -------

-- A table is written anew and locked meanwhile, three seconds for a million rows. A shop that has more does it in a quiet
-- hour, when doctor says that its numbers come to an end. A delivery names what it delivers: those two widen together.
-- only postgres
DO $$
DECLARE
  together TEXT;;
  wide TEXT;;
BEGIN
  FOREACH together IN ARRAY ARRAY['outbox deliveries', 'stock_moves', 'audit', 'recommendations_log', 'recommend_events'] LOOP
    IF (SELECT MAX(reltuples) FROM pg_class WHERE oid = ANY (CAST(string_to_array(together, ' ') AS regclass[]))) < 1000000 THEN
      FOREACH wide IN ARRAY string_to_array(together, ' ') LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN id TYPE BIGINT', wide);;
      END LOOP;;
      IF together = 'outbox deliveries' THEN
        ALTER TABLE deliveries ALTER COLUMN outbox_id TYPE BIGINT;;
      END IF;;
    END IF;;
  END LOOP;;
END $$;
-- end
