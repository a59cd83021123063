-- The owner of each outlet.
SELECT outlet_id, owner FROM core.outlets ORDER BY outlet_id;
