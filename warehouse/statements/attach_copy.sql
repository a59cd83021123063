ATTACH '$path' AS publishing;
