-- The outlets, as sources of a delivery.
SELECT name AS title, home_url AS path FROM core.outlets ORDER BY outlet_id;
