-- The ledger of one product, without what orders did: those are a few rows for each product, and no order writes into it.
CREATE INDEX stock_moves_without_order ON stock_moves (product_id, id) WHERE order_id IS NULL;
