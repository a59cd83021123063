SELECT * FROM mart.coverage ORDER BY night, feed_id;
