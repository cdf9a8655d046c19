-- Orders by how they are paid ------------------------------------------------------------------------------------------------

-- In one spelling: `cod` and `cash` are one, and no word is another in capitals.
CREATE INDEX orders_by_method
ON orders ((CASE LOWER(payment_method) WHEN 'cash' THEN 'cod' ELSE LOWER(payment_method) END), placed_at, id)
WHERE payment_method IS NOT NULL;

-- What a file of orders said of it stood beside the order alone.
UPDATE orders SET payment_method = metadata ->> 'payment_method'
WHERE payment_method IS NULL AND source IS NOT NULL AND LENGTH(metadata ->> 'payment_method') BETWEEN 1 AND 50;
