-- Orders that are neither paid nor gone: at each checkout those of the customer are counted.
CREATE INDEX orders_open ON orders (user_id) WHERE payment_status = 'pending' AND status IN ('placed', 'packed');
