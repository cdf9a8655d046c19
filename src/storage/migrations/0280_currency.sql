-- What prices are in -----------------------------------------------------------------------------------------------------

-- An order says its own. What is still to be sold is in this one: amounts of another are other amounts.
CREATE TABLE shop_currency (
  id       INTEGER PRIMARY KEY CONSTRAINT shop_currency_is_one_row CHECK (id = 1),
  currency TEXT    NOT NULL
);

-- A shop of before has sold in it. One that has not says so when it is next opened to be written to.
INSERT INTO shop_currency (id, currency) SELECT 1, currency FROM orders WHERE id = (SELECT MAX(id) FROM orders);
