-- An order may have several payments, one after the other: those of a page of orders are looked up together.
CREATE INDEX payments_by_order ON payments (order_id, id);
