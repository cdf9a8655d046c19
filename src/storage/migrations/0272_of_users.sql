-- Where an account that is forgotten may be named -------------------------------------------------------------------------

-- Both engines look for each row that is deleted wherever it may be named. Without these each guest who was forgotten cost a
-- look at all coupons that were ever used, and at all notes.
CREATE INDEX coupon_uses_by_user ON coupon_uses (user_id);

CREATE INDEX order_notes_by_user ON order_notes (user_id);
