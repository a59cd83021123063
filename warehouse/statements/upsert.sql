-- Adds the rows whose key is not held, and changes those that differ.
MERGE INTO $table AS held
USING ($source) AS brought
ON $match
WHEN MATCHED AND ($guard) AND ($differs) THEN UPDATE SET $assignments
WHEN NOT MATCHED THEN INSERT BY NAME;
