-- Ids of what is written down with every sale, look and delivery: a busy shop counts beyond 2,147,483,647 in months -------

-- A table is written anew and locked meanwhile, three seconds for a million rows. A shop that has more does it in a quiet
-- hour, when doctor says that its numbers come to an end.
-- only postgres
DO $$
DECLARE wide TEXT;;
BEGIN
  FOREACH wide IN ARRAY ARRAY['outbox', 'deliveries', 'stock_moves', 'audit', 'recommendations_log', 'recommend_events'] LOOP
    IF (SELECT reltuples FROM pg_class WHERE oid = CAST(wide AS regclass)) < 1000000 THEN
      EXECUTE format('ALTER TABLE %I ALTER COLUMN id TYPE BIGINT', wide);;
    END IF;;
  END LOOP;;
  IF (SELECT reltuples FROM pg_class WHERE oid = CAST('deliveries' AS regclass)) < 1000000 THEN
    ALTER TABLE deliveries ALTER COLUMN outbox_id TYPE BIGINT;;
  END IF;;
END $$;
-- end
