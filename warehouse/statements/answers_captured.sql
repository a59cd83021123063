-- How many answers have their bytes in the WARC files of one day.
SELECT count(*) FROM raw.captures WHERE starts_with(warc_file, $day || '/');
