COPY FROM DATABASE $source TO publishing;
