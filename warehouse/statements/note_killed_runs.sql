-- There is one writer at a time: whatever still runs when the next begins was killed.
UPDATE ops.runs SET state = 'killed' WHERE state = 'running';
