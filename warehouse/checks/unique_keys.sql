-- No table holds two rows of one key (`keys.py` names the same keys, and a test compares them).
SELECT concat_ws(' ', capture_id) AS row_id, 'raw.captures holds ' || count(*) AS detail FROM raw.captures GROUP BY capture_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', capture_id), 'raw.fetches holds ' || count(*) FROM raw.fetches GROUP BY capture_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', entry_id), 'raw.feed_entries holds ' || count(*) FROM raw.feed_entries GROUP BY entry_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', outlet_id), 'core.outlets holds ' || count(*) FROM core.outlets GROUP BY outlet_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', feed_id), 'core.feeds holds ' || count(*) FROM core.feeds GROUP BY feed_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', article_id), 'core.articles holds ' || count(*) FROM core.articles GROUP BY article_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', revision_id), 'core.article_revisions holds ' || count(*) FROM core.article_revisions GROUP BY revision_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', article_id), 'core.article_aliases holds ' || count(*) FROM core.article_aliases GROUP BY article_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', article_id), 'core.reprints holds ' || count(*) FROM core.reprints GROUP BY article_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', article_id), 'core.stories holds ' || count(*) FROM core.stories GROUP BY article_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', organisation_id), 'core.organisations holds ' || count(*) FROM core.organisations GROUP BY organisation_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', event_id), 'core.events holds ' || count(*) FROM core.events GROUP BY event_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', event_id, ordinal), 'core.event_parties holds ' || count(*) FROM core.event_parties GROUP BY event_id, ordinal HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', event_id, ordinal), 'core.event_people holds ' || count(*) FROM core.event_people GROUP BY event_id, ordinal HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', event_id, provision), 'core.event_provisions holds ' || count(*) FROM core.event_provisions GROUP BY event_id, provision HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', report_id), 'core.event_reports holds ' || count(*) FROM core.event_reports GROUP BY report_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', evidence_id), 'core.event_evidence holds ' || count(*) FROM core.event_evidence GROUP BY evidence_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', event_id, ordinal), 'core.event_history holds ' || count(*) FROM core.event_history GROUP BY event_id, ordinal HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', correction_id), 'core.corrections holds ' || count(*) FROM core.corrections GROUP BY correction_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', week, country_a, country_b), 'mart.weekly_country_pairs holds ' || count(*) FROM mart.weekly_country_pairs GROUP BY week, country_a, country_b HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', week, type), 'mart.weekly_types holds ' || count(*) FROM mart.weekly_types GROUP BY week, type HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', week, status), 'mart.weekly_statuses holds ' || count(*) FROM mart.weekly_statuses GROUP BY week, status HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', week, organisation_id, name), 'mart.weekly_organisations holds ' || count(*) FROM mart.weekly_organisations GROUP BY week, organisation_id, name HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', week, outlet_id), 'mart.weekly_outlets holds ' || count(*) FROM mart.weekly_outlets GROUP BY week, outlet_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', week, language), 'mart.weekly_languages holds ' || count(*) FROM mart.weekly_languages GROUP BY week, language HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', run_id), 'ops.runs holds ' || count(*) FROM ops.runs GROUP BY run_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', feed_id), 'ops.feed_state holds ' || count(*) FROM ops.feed_state GROUP BY feed_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', feed_id, night), 'ops.feed_health holds ' || count(*) FROM ops.feed_health GROUP BY feed_id, night HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', article_id), 'ops.page_state holds ' || count(*) FROM ops.page_state GROUP BY article_id HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', host), 'ops.host_state holds ' || count(*) FROM ops.host_state GROUP BY host HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', feed_id, polled_at), 'ops.coverage holds ' || count(*) FROM ops.coverage GROUP BY feed_id, polled_at HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', night, table_name, batch, expectation, column_name), 'ops.validations holds ' || count(*) FROM ops.validations GROUP BY night, table_name, batch, expectation, column_name HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', night, table_name, row_id, expectation, column_name), 'ops.quarantine holds ' || count(*) FROM ops.quarantine GROUP BY night, table_name, row_id, expectation, column_name HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', warc_file), 'ops.capture_files holds ' || count(*) FROM ops.capture_files GROUP BY warc_file HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', day), 'ops.retention holds ' || count(*) FROM ops.retention GROUP BY day HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', path), 'ops.text_files holds ' || count(*) FROM ops.text_files GROUP BY path HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', old_event_id, new_event_id, kind), 'ops.id_log holds ' || count(*) FROM ops.id_log GROUP BY old_event_id, new_event_id, kind HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', week, channel, target), 'ops.deliveries holds ' || count(*) FROM ops.deliveries GROUP BY week, channel, target HAVING count(*) > 1
UNION ALL
SELECT concat_ws(' ', number), 'ops.migrations holds ' || count(*) FROM ops.migrations GROUP BY number HAVING count(*) > 1
ORDER BY ALL;
