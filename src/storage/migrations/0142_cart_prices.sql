-- What a line of a cart cost when its customer last saw it, so that a higher price is asked about and not just charged.
ALTER TABLE cart_items ADD COLUMN shown_minor {bigint};
