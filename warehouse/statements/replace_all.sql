-- Makes the table hold exactly the rows that are brought, touching only what differs.
MERGE INTO $table AS held
USING ($source) AS brought
ON $match
WHEN MATCHED AND ($differs) THEN UPDATE SET $assignments
WHEN NOT MATCHED THEN INSERT BY NAME
WHEN NOT MATCHED BY SOURCE THEN DELETE;
