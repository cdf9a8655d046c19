-- Ways of delivery. Without any, delivery is free and goes everywhere. --------------------------------------------------------

CREATE TABLE shipping_methods (
  id                 {id},
  name               TEXT     NOT NULL,
  description        TEXT,
  -- Where it goes: lists, or NULL for everywhere. Pincodes are what they begin with.
  countries          {json},
  states             {json},
  pincodes           {json},
  price_minor        {bigint} NOT NULL CONSTRAINT shipping_methods_price_is_an_amount CHECK (price_minor >= 0),
  price_per_kg_minor {bigint} NOT NULL DEFAULT 0 CONSTRAINT shipping_methods_price_per_kg_is_an_amount CHECK (price_per_kg_minor >= 0),
  -- What the goods must come to after the discount: to be carried for nothing, or at all.
  free_from_minor    {bigint} CONSTRAINT shipping_methods_free_from_is_an_amount CHECK (free_from_minor >= 0),
  min_total_minor    {bigint} CONSTRAINT shipping_methods_min_total_is_an_amount CHECK (min_total_minor >= 0),
  max_total_minor    {bigint} CONSTRAINT shipping_methods_max_total_is_an_amount CHECK (max_total_minor >= 0),
  max_grams          {bigint} CONSTRAINT shipping_methods_carry_something CHECK (max_grams > 0),
  -- NULL: the shop's usual time and distance.
  delivery_minutes   INTEGER  CONSTRAINT shipping_methods_take_time CHECK (delivery_minutes >= 0),
  position           INTEGER  NOT NULL DEFAULT 0,
  is_active          INTEGER  NOT NULL DEFAULT 1 CONSTRAINT shipping_methods_is_active_is_a_flag CHECK (is_active IN (0, 1)),
  created_at         TEXT     NOT NULL
);

-- Taxes. Without any, nothing is taxed. ---------------------------------------------------------------------------------------

CREATE TABLE tax_rates (
  id                  {id},
  name                TEXT    NOT NULL,
  -- In thousandths of a percent: 19 % is 19000.
  percent_thousandths INTEGER NOT NULL CONSTRAINT tax_rates_are_a_share CHECK (percent_thousandths BETWEEN 0 AND 1000000),
  tax_class           TEXT    NOT NULL DEFAULT 'standard',
  -- Where it holds: a state of a country, a country, or (NULL) anywhere else.
  country             TEXT,
  state               TEXT,
  -- The state as it is compared.
  state_key           {text},
  created_at          TEXT    NOT NULL,
  CONSTRAINT tax_rates_states_lie_in_countries CHECK (state IS NULL OR country IS NOT NULL)
);
