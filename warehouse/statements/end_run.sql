UPDATE ops.runs SET ended_at = ?, state = ?, summary_json = ? WHERE run_id = ?;
