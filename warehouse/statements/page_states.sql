SELECT * FROM ops.page_state ORDER BY article_id;
