SELECT * FROM incoming QUALIFY row_number() OVER (PARTITION BY $keys ORDER BY $order) = 1
