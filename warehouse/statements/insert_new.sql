-- Adds the rows whose key is not held.
MERGE INTO $table AS held
USING ($source) AS brought
ON $match
WHEN NOT MATCHED THEN INSERT BY NAME;
