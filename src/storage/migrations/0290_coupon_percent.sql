-- Coupons take parts of a percent off, too -------------------------------------------------------------------------------

-- In hundredths: 12.5 % is 1250. Null where a program of before made the coupon, which knew whole percents alone.
ALTER TABLE coupons ADD COLUMN percent_hundredths INTEGER CONSTRAINT coupons_percent_is_a_share CHECK (percent_hundredths BETWEEN 1 AND 10000);
